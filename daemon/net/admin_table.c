#include "net/admin.h"

/* clang-format off */
const struct admin_row admin_rows[] = {
	{.name = "login", .method = ADMIN_POST, .least = ROLE_NONE, .lane = DESK_ENTER,
	 .prepare = admin_login_prepare, .work = admin_login_work, .finish = admin_login_finish},
	{.name = "logout", .method = ADMIN_POST, .least = ROLE_VIEWER,
	 .work = admin_logout_work, .finish = admin_logout_finish},
	{.name = "me", .least = ROLE_VIEWER, .work = admin_me_work},
	{.name = "status", .least = ROLE_VIEWER, .finish = admin_status_finish},
	{.name = "ask", .method = ADMIN_POST, .least = ROLE_VIEWER, .finish = admin_ask_finish},
	{.name = "files", .least = ROLE_VIEWER, .work = admin_files_work},
	{.name = "file", .least = ROLE_VIEWER, .params = {"path"}, .work = admin_file_work},
	{.name = "history", .least = ROLE_VIEWER, .params = {"path", "before", "limit"},
	 .work = admin_history_work},
	{.name = "version", .least = ROLE_VIEWER, .params = {"id"}, .work = admin_version_work},
	{.name = "check", .method = ADMIN_POST, .least = ROLE_EDITOR, .lane = DESK_BUILD,
	 .big = true, .latest = true, .work = admin_check_work},
	{.name = "file", .may = "save", .method = ADMIN_PUT, .least = ROLE_EDITOR,
	 .lane = DESK_BUILD, .big = true, .work = admin_save_work},
	{.name = "rollback", .method = ADMIN_POST, .least = ROLE_EDITOR, .lane = DESK_BUILD,
	 .work = admin_rollback_work},
	{.name = "reload", .method = ADMIN_POST, .least = ROLE_EDITOR,
	 .work = admin_reload_work, .finish = admin_reload_finish},
	{.name = "audit", .least = ROLE_ADMIN, .params = {"before", "limit", "who"},
	 .work = admin_audit_work},
};
/* clang-format on */
const size_t admin_rows_n = sizeof admin_rows / sizeof admin_rows[0];
