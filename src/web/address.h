/* web/address.h - where a request came from, for counting wrong tries.
 *
 * On the unix socket only the proxy can speak, so the last address of its X-Forwarded-For is
 * the client's.  On a port the header proves nothing: the peer counts, and with a proxy before
 * us nobody is known.  Of IPv6 only the network (64 bits) counts: one client has all of it. */
#pragma once
#include <stdbool.h>
#include <sys/socket.h>

enum { ADDRESS_TEXT = 48 };
/* Into out of ADDRESS_TEXT bytes; "" when it is not known.  forwarded_for NULL: not sent. */
void address_of(const struct sockaddr *peer, const char *forwarded_for, bool forwarded, char *out);
