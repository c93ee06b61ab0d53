#include "web/address.h"
#include "base/text.h"
#include <arpa/inet.h>
#include <string.h>

static void
print_v6(struct in6_addr a, char *out)
{
    if (IN6_IS_ADDR_V4MAPPED(&a)) {
        inet_ntop(AF_INET, &a.s6_addr[12], out, ADDRESS_TEXT);
        return;
    }
    memset(&a.s6_addr[8], 0, 8);
    inet_ntop(AF_INET6, &a, out, ADDRESS_TEXT);
}

/* "192.0.2.7", "192.0.2.7:4711", "2001:db8::1" or "[2001:db8::1]:4711" */
static void
take_one(struct span s, char *out)
{
    char text[ADDRESS_TEXT];
    const char *colon = memchr(s.s, ':', s.n);
    struct in_addr v4;
    struct in6_addr v6;

    if (s.n && s.s[0] == '[') {
        const char *end = memchr(s.s, ']', s.n);
        s = (struct span){s.s + 1, end ? (size_t)(end - s.s - 1) : 0};
    } else if (colon && !memchr(colon + 1, ':', s.n - (size_t)(colon + 1 - s.s))) {
        s.n = (size_t)(colon - s.s);
    }
    if (s.n >= sizeof text)
        return;
    memcpy(text, s.s, s.n);
    text[s.n] = '\0';
    if (inet_pton(AF_INET, text, &v4) == 1)
        inet_ntop(AF_INET, &v4, out, ADDRESS_TEXT);
    else if (inet_pton(AF_INET6, text, &v6) == 1)
        print_v6(v6, out);
}

void
address_of(const struct sockaddr *peer, const char *forwarded_for, bool forwarded, char *out)
{
    const void *p = peer;

    out[0] = '\0';
    if (!peer)
        return;
    if (peer->sa_family == AF_UNIX && forwarded_for) {
        const char *comma = strrchr(forwarded_for, ',');
        take_one(span_trim(span_of(comma ? comma + 1 : forwarded_for)), out);
    } else if (peer->sa_family == AF_INET && !forwarded) {
        const struct sockaddr_in *in = p;
        inet_ntop(AF_INET, &in->sin_addr, out, ADDRESS_TEXT);
    } else if (peer->sa_family == AF_INET6 && !forwarded) {
        const struct sockaddr_in6 *in = p;
        print_v6(in->sin6_addr, out);
    }
}
