/* The widget as a module: `import kefu from 'https://chat.example.com/kefu.mjs'`. It defines <kefu-chat>; nothing is put into the
 * page until kefu.start(options), or until a <kefu-chat> stands in it. Types: kefu.d.ts beside it. */
globalThis.kefu_base = import.meta.url;
await import('./widget.js');

export const kefu = globalThis.kefu;
export default kefu;
