/* tools/embed.c - writes files as a C table: embed NAME OUT.c FILE… */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void
put_bytes(FILE *out, const char *path, int i)
{
    FILE *in = fopen(path, "rb");
    int c;
    size_t n = 0;

    if (!in) {
        perror(path);
        exit(1);
    }
    fprintf(out, "static const unsigned char bytes_%d[] = {", i);
    for (; (c = getc(in)) != EOF; n++)
        fprintf(out, "%s%d,", n % 24 ? "" : "\n", c);
    fprintf(out, "0};\n");
    fclose(in);
}

int
main(int argc, char **argv)
{
    FILE *out;

    if (argc < 3 || !(out = fopen(argv[2], "wb"))) {
        fprintf(stderr, "usage: embed NAME OUT.c FILE...\n");
        return 2;
    }
    fprintf(out, "/* Made by tools/embed; do not edit. */\n#include \"base/embed.h\"\n");
    for (int i = 3; i < argc; i++)
        put_bytes(out, argv[i], i);
    fprintf(out, "const struct embedded %s[] = {\n", argv[1]);
    for (int i = 3; i < argc; i++)
        fprintf(out, "{\"%s\", bytes_%d, sizeof bytes_%d - 1},\n", base_name(argv[i]), i, i);
    fprintf(out, "{NULL, NULL, 0}};\n");
    return fclose(out) ? 1 : 0;
}
