/* One message out of the house: into a folder, and to a mail server of a few lines. */
#include "support/support.h"
#include "work/post.h"
#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct letter letter = {
    .id = "896-12", .to = "ann@council.example", .subject = "Your account in RootED",
    .text = "You are invited.\n.\nOpen this.\n", .at = SUPPORT_NOW, .made = 12345};

/* ---- a server that says what it is told to --------------------------------------------------- */

struct listener {
    int fd, port;
    const char *refuse;  /* a command that it answers with 550; NULL none */
    bool dumb;           /* it takes the message and hangs up */
    pthread_t thread;
    char seen[8192];     /* all lines of the client */
    size_t n;
};

/* A line from the client, kept; false: it has gone. */
static bool
hear(struct listener *l, int fd, char *line, size_t room)
{
    size_t n = 0;
    char c;

    while (recv(fd, &c, 1, 0) == 1) {
        if (l->n + 1 < sizeof l->seen)
            l->seen[l->n++] = c;
        if (n + 1 < room)
            line[n++] = c;
        if (c == '\n') {
            line[n] = '\0';
            return true;
        }
    }
    return false;
}

static bool
begins(const char *line, const char *word)
{
    return !strncasecmp(line, word, strlen(word));
}

static void
hear_message(struct listener *l, int fd)
{
    char line[1000];

    send(fd, "354 go on\r\n", 11, MSG_NOSIGNAL);
    while (hear(l, fd, line, sizeof line) && strcmp(line, ".\r\n"))
        continue;
}

static void *
serve(void *arg)
{
    struct listener *l = arg;
    char line[1000];
    int fd = accept(l->fd, NULL, NULL);

    send(fd, "220 here\r\n", 10, MSG_NOSIGNAL);
    while (hear(l, fd, line, sizeof line)) {
        bool no = l->refuse && begins(line, l->refuse);
        if (!no && begins(line, "DATA"))
            hear_message(l, fd);
        if (l->dumb && begins(line, "DATA"))
            break;
        if (send(fd, no ? "550 no ann@council.example here\r\n" : "250 well\r\n", no ? 33 : 10,
                 MSG_NOSIGNAL) < 0 || begins(line, "QUIT"))
            break;
    }
    close(fd);
    return NULL;
}

static void
listen_at(struct listener *l, const char *address)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    socklen_t n = sizeof in;

    assert_int_equal(inet_pton(AF_INET, address, &in.sin_addr), 1);
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(l->fd, (struct sockaddr *)&in, sizeof in), 0);
    assert_int_equal(listen(l->fd, 1), 0);
    assert_int_equal(getsockname(l->fd, (struct sockaddr *)&in, &n), 0);
    l->port = ntohs(in.sin_port);
    assert_int_equal(pthread_create(&l->thread, NULL, serve, l), 0);
}

static void
hang_up(struct listener *l)
{
    pthread_join(l->thread, NULL);
    close(l->fd);
    l->seen[l->n] = '\0';
}

static struct post_way
way_to(struct job *j, const struct listener *l, const char *address)
{
    return (struct post_way){.server = job_format(j, "smtp://%s:%d", address, l->port),
                             .from = "rooted@council.example"};
}

static void
a_server_gets_the_whole_message(void **state)
{
    struct job *j = support_job(state);
    struct listener *l = job_alloc(j, sizeof *l);
    struct post_way way;

    listen_at(l, "127.0.0.1");
    way = way_to(j, l, "127.0.0.1");
    assert_ok(j, post_carry(j, &way, &letter));
    hang_up(l);
    assert_non_null(strstr(l->seen, "MAIL FROM:<rooted@council.example>"));
    assert_non_null(strstr(l->seen, "RCPT TO:<ann@council.example>"));
    assert_non_null(strstr(l->seen, "Subject: Your account in RootED\r\n"));
    assert_non_null(strstr(l->seen, "Date: Mon, 16 Jun 2025 09:00:00 +0000\r\n"));
    assert_non_null(strstr(l->seen, "\r\n\r\nYou are invited.\r\n..\r\nOpen this.\r\n.\r\n"));
}

/* The same each time it goes, whatever the day. */
static void
a_message_has_a_name_that_stays(void **state)
{
    static const char name[] = "\r\nMessage-ID: <896-12.12345@rooted.invalid>\r\n";
    struct job *j = support_job(state);
    const struct post_way way = {.from = "rooted@council.example"};
    struct letter later = letter;

    later.at += (int64_t)86400 * 1000000;
    assert_non_null(strstr(post_message(j, &way, &letter), name));
    assert_non_null(strstr(post_message(j, &way, &later), name));
    assert_non_null(strstr(post_message(j, &way, &later), "Date: Tue, 17 Jun 2025"));
}

static void
a_server_that_takes_all_and_says_nothing_leaves_it_open(void **state)
{
    struct job *j = support_job(state);
    struct listener *l = job_alloc(j, sizeof *l);
    struct post_way way;

    l->dumb = true;
    listen_at(l, "127.0.0.1");
    way = way_to(j, l, "127.0.0.1");
    assert_err(j, post_carry(j, &way, &letter), ERR_CONFLICT);
    hang_up(l);
    assert_says(j, "had all of it and gave no answer");
    assert_non_null(strstr(l->seen, "Open this."));
}

static void
what_a_server_refuses_is_told_without_an_address(void **state)
{
    static const char *const refused[] = {"RCPT", "MAIL", "DATA"};
    struct job *j = support_job(state);

    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct listener *l = job_alloc(j, sizeof *l);
        struct post_way way;
        l->refuse = refused[i];
        listen_at(l, "127.0.0.1");
        way = way_to(j, l, "127.0.0.1");
        assert_err(j, post_carry(j, &way, &letter), ERR_ENV);
        hang_up(l);
        assert_says(j, "did not take it (it answered 550)");
        assert_null(strstr(j->err.message, "ann@"));
        err_clear(j);
    }
}

static void
nothing_goes_unencrypted_to_another_machine(void **state)
{
    struct job *j = support_job(state);
    struct listener *l = job_alloc(j, sizeof *l);
    struct post_way way;

    listen_at(l, "127.0.0.2"); /* not one of the names of this machine that are known */
    way = way_to(j, l, "127.0.0.2");
    assert_err(j, post_carry(j, &way, &letter), ERR_ENV);
    hang_up(l);
    assert_null(strstr(l->seen, "MAIL FROM"));
    assert_null(strstr(l->seen, "ann@"));
}

static void
a_server_that_is_not_there_is_told(void **state)
{
    struct job *j = support_job(state);
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof in;
    struct listener l = {0};
    struct post_way way;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    /* a port that is taken, at which nobody listens */
    assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof in), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &n), 0);
    l.port = ntohs(in.sin_port);
    way = way_to(j, &l, "127.0.0.1");
    assert_err(j, post_carry(j, &way, &letter), ERR_ENV);
    assert_says(j, "was not reached");
    close(fd);
    err_clear(j);
    way.server = "https://mail.example";
    assert_err(j, post_carry(j, &way, &letter), ERR_INPUT);
    err_clear(j);
    way = (struct post_way){.server = "smtp://127.0.0.1:1"};
    assert_err(j, post_carry(j, &way, &letter), ERR_INPUT);
    assert_says(j, "mail-from");
}

/* ---- into a folder --------------------------------------------------------------------------- */

static void
without_a_server_it_is_a_file_for_its_owner_alone(void **state)
{
    struct job *j = support_job(state);
    struct post_way way = {.folder = support_path(j, "mail"), .from = "rooted@localhost"};
    const char *path = support_path(j, "mail/896-12.eml");
    struct stat st;
    char text[2000];
    FILE *f;
    size_t n;
    DIR *d;

    for (int again = 0; again < 2; again++)
        assert_ok(j, post_carry(j, &way, &letter));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(way.folder, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    f = fopen(path, "r");
    assert_non_null(f);
    n = fread(text, 1, sizeof text - 1, f);
    text[n] = '\0';
    fclose(f);
    assert_string_equal(text, post_message(j, &way, &letter));
    d = opendir(way.folder);
    for (n = 0; readdir(d); n++)
        continue;
    closedir(d);
    assert_int_equal(n, 3); /* itself, the one above, the letter: nothing half */
    way.folder = support_path(j, "mail/896-12.eml"); /* no folder */
    assert_err(j, post_carry(j, &way, &letter), ERR_ENV);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_server_gets_the_whole_message),
        SUPPORT_TEST(a_message_has_a_name_that_stays),
        SUPPORT_TEST(a_server_that_takes_all_and_says_nothing_leaves_it_open),
        SUPPORT_TEST(what_a_server_refuses_is_told_without_an_address),
        SUPPORT_TEST(nothing_goes_unencrypted_to_another_machine),
        SUPPORT_TEST(a_server_that_is_not_there_is_told),
        SUPPORT_TEST(without_a_server_it_is_a_file_for_its_owner_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
