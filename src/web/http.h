/* web/http.h - requests as libmicrohttpd brings them, strictly: the only file that knows
 * the library. */
#pragma once
#include "web/server_private.h"

/* Serve what comes in on this listening socket, which is taken over. */
MUST_CHECK enum err http_start(struct job *j, struct server *s, int fd);
/* Accept nobody any more; those under way go on. */
void http_quiesce(struct server *s);
/* Close all connections; returns when the last handler did. */
void http_stop(struct server *s);
