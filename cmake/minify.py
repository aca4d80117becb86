"""Makes a joined script small: minify.py IN OUT. What goes: comments, white space, and long names of variables, of
private members, and of members that have a _ in them; const becomes let, true !0; everything else stays token by token as written.

Renaming needs no scopes. A name that is bound by the script (const, let, function, class, a parameter, ...) gets one short name in
all of its unit (a statement of the outermost level, or a member of a class; what is bound on that level has the whole script as its
unit), no two names of a unit get the same one, nor one that is used unbound: so what hid what still does. What is not a
variable is left alone: what follows a dot, keys and methods of objects and classes. A shorthand `{name}` is written out as
`{name:a}`. A member that has a _ and is somewhere read with a dot (x.like_this) is the script's own and shortened everywhere,
unless other scripts know it (KNOWN); what is read by a text in brackets must not have such a name.

It reads the style of web/, not all of JavaScript: no `with`, no labels, no `var` that is read as a property of window, a block after
`case x:` only on a line of its own."""
import collections
import itertools
import re
import sys

TOKEN = re.compile(r"""
	(?P<space>[ \t]+) | (?P<line>\n) | (?P<remark>//[^\n]*|/\*.*?\*/)
	| (?P<text>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")
	| (?P<number>\d[\w.]*|\.\d[\w]*)
	| (?P<name>\#?[A-Za-z_$][\w$]*)
	| (?P<sign>=>|\.\.\.|\?\.(?!\d)|\?\?=?|\*\*=?|&&=?|\|\|=?|[=!]==?|<<=?|>>>?=?|[<>]=|\+\+|--|[-+*/%&|^]=|[-+*/%&|^~!=<>?:;,.(){}\[\]])
""", re.X | re.S)
REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
WORDS = set("""async await break case catch class const continue default delete do else extends false finally for from function get if
	import in instanceof let new null of return set static super switch this throw true try typeof undefined var void while yield
	arguments constructor""".split())
KNOWN = {'kefu_base', 'is_open', 'send_button'}
LEVEL = 2  # brackets around the outermost level: (() => {
VALUE = set(") ] }".split())  # after these a / divides


class Token:
	def __init__(self, kind, text):
		self.kind, self.text = kind, text
		self.variable = False  # a name that stands for a variable
		self.short = False     # a key and a variable in one
		self.line = False      # begins a line
		self.head = False      # ends what stands before a statement


def divides(before):
	if before is None:
		return False
	if before.kind == 'name':
		return before.text not in WORDS or before.text in ('this', 'super', 'null', 'true', 'false')
	return before.kind in ('number', 'text', 'template') or before.text in VALUE


def read(source, at=0, until=None):
	"""The tokens of `source`; those inside ${} of a template lie flat between its pieces."""
	tokens, line, depth = [], False, 0
	while at < len(source):
		char = source[at]
		if until and char == until and depth == 0:
			return tokens, at
		if char == '`':
			pieces, at = template(source, at)
			pieces[0].line = line
			tokens += pieces
			line = False
			continue
		hit = None
		if char == '/' and source[at + 1] not in '/*' and not divides(tokens[-1] if tokens else None):
			hit, kind = REGEX.match(source, at), 'regex'
		if not hit:
			hit = TOKEN.match(source, at)
			if not hit:
				sys.exit(f'minify: cannot read {source[at:at + 40]!r}')
			kind = hit.lastgroup
		at = hit.end()
		if kind == 'line':
			line = True
		if kind in ('space', 'line', 'remark'):
			continue
		token = Token(kind, hit.group())
		token.line, line = line, False
		depth += {'{': 1, '}': -1}.get(token.text, 0)
		tokens.append(token)
	return tokens, at


def template(source, at):
	pieces, start = [], at
	at += 1
	while source[at] != '`':
		if source[at] == '\\':
			at += 2
		elif source.startswith('${', at):
			pieces.append(Token('template', source[start:at + 2]))
			inner, start = read(source, at + 2, '}')
			pieces += inner
			at = start + 1
		else:
			at += 1
	pieces.append(Token('template', source[start:at + 1]))
	return pieces, at + 1


def opens(tokens, i):
	"""What the { at i begins: block, class or object."""
	before = tokens[i - 1].text if i else ';'
	j = i - 1
	while j >= 0 and tokens[j].kind == 'name' or j >= 0 and tokens[j].text == '.':
		if tokens[j].text == 'class':
			return 'class'
		j -= 1
	if before in (')', '=>', ';', '{', '}', 'else', 'try', 'finally', 'do', 'catch', 'static') or \
			tokens[i - 1].kind == 'template' and before.endswith('${'):
		return 'block'
	return 'object'


def classify(tokens):
	"""Tells variables from keys."""
	nest = []  # what we are in: block, class, object, or the bracket itself
	for i, token in enumerate(tokens):
		before = tokens[i - 1].text if i else ''
		after = tokens[i + 1].text if i + 1 < len(tokens) else ''
		if token.text in ('(', '['):
			nest.append(token.text)
		elif token.text == '{':
			nest.append(opens(tokens, i))
		elif token.text in (')', ']', '}'):
			nest.pop()
		if token.kind != 'name' or token.text in WORDS or token.text[0] == '#':
			continue
		inside = nest[-1] if nest else 'block'
		if before in ('.', '?.'):
			continue
		if inside == 'object' and (before in ('{', ',') or before in ('get', 'set', 'async', '*') and after == '('):
			if after in (':', '('):
				continue
			token.short = after in (',', '}', '=')
		if inside == 'class' and before != '=' and (after in ('(', '=', ';') or before == 'static') and \
				(before in ('{', '}', ';', 'static', 'async', 'get', 'set') or token.line):
			continue
		token.variable = True


def units(tokens):
	"""Numbers the units: 0 is the outermost level itself."""
	nest, unit, before = [], 0, None
	for i, token in enumerate(tokens):
		if token.text in (')', ']', '}'):
			nest.pop()
		outer = len(nest) == LEVEL or len(nest) == LEVEL + 1 and nest[-1] == 'class'
		if outer and token.line and begins(token) and (before.text in ('{', '}', ';') or ends(before)):
			unit += 1
		token.unit, token.outer = unit, len(nest) == LEVEL
		if token.text in ('(', '[', '{'):
			nest.append(opens(tokens, i) if token.text == '{' else token.text)
		before = token


def bound(tokens):
	"""The tokens by which the script itself binds a name."""
	found = []

	def pattern(i, stop):
		depth = 0
		while i < len(tokens):
			text = tokens[i].text
			if depth == 0 and text in stop:
				return
			depth += (text in ('(', '[', '{')) - (text in (')', ']', '}'))
			if depth < 0:
				return
			if tokens[i].variable:
				found.append(tokens[i])
			if text == '=':  # a default or a first value: what it reads is bound elsewhere, or not by us
				i = skip(i + 1)
				continue
			i += 1

	def skip(i):
		depth = 0
		while depth or tokens[i].text not in (',', ')', ']', '}', ';', 'of') and not (tokens[i].line and not depth):
			depth += (tokens[i].text in ('(', '[', '{')) - (tokens[i].text in (')', ']', '}'))
			if depth < 0:
				break
			i += 1
		return i

	for i, token in enumerate(tokens):
		if token.text in ('const', 'let'):
			pattern(i + 1, (';', 'of', 'in'))
		elif token.text in ('function', 'class') and tokens[i + 1].variable:
			found.append(tokens[i + 1])
		elif token.text == '(' and parameters(tokens, i):
			pattern(i + 1, (')',))
		elif token.text == '=>' and tokens[i - 1].variable:
			found.append(tokens[i - 1])
	return found


def parameters(tokens, i):
	"""Whether the ( at i begins parameters: => or a body follows its ), and no if, for, while or call stands before."""
	depth, j = 0, i
	while True:
		depth += (tokens[j].text in ('(', '[', '{')) - (tokens[j].text in (')', ']', '}'))
		if depth == 0:
			break
		j += 1
	after = tokens[j + 1].text if j + 1 < len(tokens) else ''
	before = tokens[i - 1].text if i else ''
	return after == '=>' or after == '{' and before not in ('if', 'for', 'while', 'switch')


def letters():
	first = 'etaoinsrhlcdumpfgybwkvxzqjETAOINSRHLCDUMPFGYBWKVXZQJ_$'
	for n in itertools.count(1):
		for one in itertools.product(first, repeat=n):
			yield ''.join(one)


def shorten(tokens):
	units(tokens)
	binds = bound(tokens)
	outer = {token.text for token in binds if token.outer}
	of_unit = {}
	for token in binds:
		if token.text not in outer:
			of_unit.setdefault(token.unit, set()).add(token.text)
	variables = [token for token in tokens if token.variable]
	taken = {token.text for token in variables if token.text not in outer and token.text not in of_unit.get(token.unit, ())} | WORDS
	new = {}
	for unit, names in of_unit.items():
		fresh = (name for name in letters() if name not in taken)
		for token in variables:
			if token.unit == unit and token.text in names and (unit, token.text) not in new:
				new[unit, token.text] = next(fresh)
	taken |= set(new.values())
	fresh = (name for name in letters() if name not in taken)
	common = {name: next(fresh) for name in most_used(token.text for token in variables if token.text in outer)}
	secret = letters()
	private = {name: '#' + next(secret) for name in most_used(token.text for token in tokens
		if token.kind == 'name' and token.text[0] == '#')}
	own = {b.text for a, b in zip(tokens, tokens[1:]) if a.text in ('.', '?.') and b.kind == 'name' and '_' in b.text} - KNOWN
	secret = (name for name in letters() if name not in {token.text for token in tokens if token.kind == 'name'} | {'_'})
	private |= {name: '_' + next(secret) for name in most_used(token.text for token in tokens if token.text in own
		and token.kind == 'name' and not token.variable)}
	for token in tokens:
		if token.text in private and token.kind == 'name' and not token.variable:
			token.text = private[token.text]
		elif token.variable:
			name = common.get(token.text) or new.get((token.unit, token.text)) or token.text
			token.text = (token.text + ':' if token.short and name != token.text else '') + name


def most_used(names):
	uses = collections.Counter(names)
	return sorted(uses, key=lambda name: (-uses[name], name))


def needless(tokens):
	"""Leaves out ; and , before a closing bracket, and the brackets around one parameter of an arrow."""
	gone = set()
	for i, token in enumerate(tokens):
		after = tokens[i + 1].text if i + 1 < len(tokens) else ''
		if token.text == ',' and after in ('}', ')', ']') or token.text == ';' and after == '}':
			gone.add(i)
		if token.text == '(' and tokens[i + 1].variable and [one.text for one in tokens[i + 2:i + 4]] == [')', '=>']:
			gone |= {i, i + 2}
	return [token for i, token in enumerate(tokens) if i not in gone]


def heads(tokens):
	"""Marks the ) of if, for and while, and the } of what is no value (all that follows a ): the end of the line says nothing there."""
	stack = []
	for i, token in enumerate(tokens):
		before = tokens[i - 1].text if i else ''
		if token.text in ('(', '{'):
			stack.append(before in (('if', 'for', 'while') if token.text == '(' else (')', 'else', 'try', 'finally')))
		elif token.text in (')', '}') and token.kind == 'sign':
			token.head = stack.pop()


WORD_FOR = {'const': 'let', 'true': '!0', 'false': '!1'}


def swap(tokens):
	"""Shorter words that mean the same."""
	for i, token in enumerate(tokens):
		before = tokens[i - 1].text if i else ''
		after = tokens[i + 1].text if i + 1 < len(tokens) else ''
		if token.kind == 'name' and token.text in WORD_FOR and before not in ('.', '?.') and after not in (':', '('):
			token.text = WORD_FOR[token.text]


def write(tokens):
	out, before = [], None
	word = re.compile(r'[\w$#]')
	heads(tokens)
	for token in tokens:
		if before is not None:
			a, b = before.text[-1], token.text[0]
			if token.line and ends(before) and begins(token):
				out.append('\n')
			elif word.match(a) and word.match(b) and not inside_template(before, token) or a == b and a in '+-/':
				out.append(' ')
		out.append(token.text)
		before = token
	return ''.join(out)


def inside_template(before, token):
	return before.kind == 'template' and before.text.endswith('${') or token.kind == 'template' and token.text[0] == '}'


def ends(token):
	"""Whether a statement may end with it, so that the end of the line counts."""
	if token.kind == 'sign':
		return token.text in (')', ']', '}', '++', '--') and not token.head
	return not (token.kind == 'name' and token.text in ('else', 'do', 'try', 'finally', 'of', 'in', 'let', 'new'))


def begins(token):
	return not (token.kind == 'sign' and token.text not in ('{', '(', '[', '!', '++', '--', '-', '+', '...', '*', '~')) and \
		not (token.kind == 'template' and token.text[0] == '}')


def main():
	with open(sys.argv[1], encoding='utf-8') as file:
		source = file.read()
	remark = re.match(r'/\*.*?\*/\n', source, re.S)
	tokens, _ = read(source)
	classify(tokens)
	shorten(tokens)
	tokens = needless(tokens)
	swap(tokens)
	with open(sys.argv[2], 'w', encoding='utf-8') as file:
		file.write((remark.group() if remark else '') + write(tokens) + '\n')


main()
