/* Where a request came from, and with what. */
#include "support/support.h"
#include "web/address.h"
#include "web/device.h"
#include <arpa/inet.h>

static const char *
through_socket(const char *header, char *out)
{
    const struct sockaddr unix_peer = {.sa_family = AF_UNIX};

    address_of(&unix_peer, header, true, out);
    return out;
}

static void
on_the_socket_the_proxys_last_word_counts(void **state)
{
    static const struct { const char *header, *address; } all[] = {
        {"192.0.2.7", "192.0.2.7"}, {"203.0.113.9, 192.0.2.7", "192.0.2.7"},
        {" 192.0.2.7 ", "192.0.2.7"}, {"192.0.2.7:4711", "192.0.2.7"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"}, {"[2001:db8:1:2::9]:443", "2001:db8:1:2::"},
        {"::ffff:192.0.2.7", "192.0.2.7"}, {"", ""}, {"unknown", ""}, {"192.0.2.7,", ""},
        {"192.0.2.999", ""}, {"[2001:db8::1", ""}, {"192.0.2.7, 'x", ""},
        {"0123456789012345678901234567890123456789012345678901234567890123456789", ""},
    };
    char out[ADDRESS_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_string_equal(through_socket(all[i].header, out), all[i].address);
    assert_string_equal(through_socket(NULL, out), "");
}

static void
on_a_port_the_peer_counts_and_no_header_is_believed(void **state)
{
    struct sockaddr_in peer = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    char out[ADDRESS_TEXT];

    (void)state;
    inet_pton(AF_INET, "127.0.0.1", &peer.sin_addr);
    inet_pton(AF_INET6, "2001:db8:1:2:3:4:5:6", &six.sin6_addr);
    address_of((struct sockaddr *)&peer, NULL, false, out);
    assert_string_equal(out, "127.0.0.1");
    address_of((struct sockaddr *)&six, NULL, false, out);
    assert_string_equal(out, "2001:db8:1:2::");
    address_of((struct sockaddr *)&peer, "192.0.2.7", true, out);
    assert_string_equal(out, "");
    address_of(NULL, "192.0.2.7", true, out);
    assert_string_equal(out, "");
}

static void
programs_are_told_in_plain_words_and_nothing_sent_is_kept(void **state)
{
    static const struct { const char *header, *words; } all[] = {
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
         "Firefox on Windows"},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Edge on Windows"},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/17.0 Safari/605.1.15", "Safari on a Mac"},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
         "Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1", "Chrome on an iPhone"},
        {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0.0.0 Safari/537.36", "Chrome on a Chromebook"},
        {"curl/7.88.1", "A program"}, {"", "A program"}, {NULL, "A program"},
        {"<script>alert(1)</script> Linux", "A program on Linux"},
    };
    char out[DEVICE_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        device_words(all[i].header, out);
        assert_string_equal(out, all[i].words);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(on_the_socket_the_proxys_last_word_counts),
        SUPPORT_TEST(on_a_port_the_peer_counts_and_no_header_is_believed),
        SUPPORT_TEST(programs_are_told_in_plain_words_and_nothing_sent_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
