#include "cli/ask.h"
#include "base/text.h"
#include <termios.h>
#include <unistd.h>

enum { LINE = 1024 };

static void
close_stream(void *arg)
{
    fclose(arg);
}

/* Without its line end; NULL: nothing there, or too long. */
static const char *
read_line(struct job *j, FILE *f)
{
    char *line = job_alloc(j, LINE);
    size_t n;

    if (!fgets(line, LINE, f))
        return NULL;
    n = strcspn(line, "\r\n");
    if (!line[n] && n == LINE - 1)
        return NULL;
    line[n] = '\0';
    return line;
}

/* A terminal that must be put back as it was. */
struct silence {
    int fd;
    struct termios before;
};

static void
show_again(void *arg)
{
    const struct silence *s = arg;

    tcsetattr(s->fd, TCSANOW, &s->before);
}

static enum err
ask_terminal(struct job *j, const char **out)
{
    struct cleanup *close = job_on_end(j, close_stream), *show = job_on_end(j, show_again);
    struct silence *s = job_alloc(j, sizeof *s);
    FILE *f = fopen("/dev/tty", "r+");
    struct termios silent;
    const char *again;

    close->arg = f;
    if (!f || tcgetattr(fileno(f), &s->before)) {
        err_set(j, ERR_ENV, "there is no terminal to ask for the passphrase");
        return err_hint(j, "Give it on standard input with --password-stdin.");
    }
    s->fd = fileno(f);
    silent = s->before;
    silent.c_lflag &= (tcflag_t)~ECHO;
    show->arg = s;
    tcsetattr(s->fd, TCSAFLUSH, &silent);
    fputs("Passphrase (12 characters or more; three or four words are good): ", stderr);
    *out = read_line(j, f);
    fputs("\nThe same again: ", stderr);
    again = read_line(j, f);
    fputs("\n", stderr);
    tcsetattr(s->fd, TCSANOW, &s->before);
    if (!*out || !again || strcmp(*out, again))
        return err_set(j, ERR_INPUT, "the two passphrases are not the same");
    return OK;
}

enum err
ask_passphrase(struct job *j, bool from_stdin, const char **out)
{
    if (!from_stdin)
        return ask_terminal(j, out);
    *out = read_line(j, stdin);
    if (*out && **out)
        return OK;
    err_set(j, ERR_INPUT, "no passphrase came on standard input");
    return err_hint(j, "Write it as one line.");
}

enum err
ask_line(struct job *j, const char *question, const char **out)
{
    const char *line;
    struct span v;

    *out = "";
    fputs(question, stderr);
    line = read_line(j, stdin);
    if (!line) {
        err_set(j, ERR_INPUT, "no more answers came");
        return err_hint(j, "Nothing was changed.");
    }
    v = span_trim(span_of(line));
    *out = job_copy_n(j, v.s, v.n);
    return OK;
}
