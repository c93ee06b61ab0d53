#include "ui/qr.h"
#include "ui/svg.h"
#include <qrencode.h>

enum { MARGIN = 4 };

/* One path for all: each run of dark squares of a row is a bar of height one. */
static void
draw_row(struct html *o, const unsigned char *row, int width, int y)
{
    for (int x = 0, n; x < width; x += n) {
        n = 1;
        if (!(row[x] & 1))
            continue;
        while (x + n < width && row[x + n] & 1)
            n++;
        LIT(o, "M");
        html_put_int(o, x + MARGIN);
        LIT(o, " ");
        html_put_int(o, y + MARGIN);
        LIT(o, "h");
        html_put_int(o, n);
        LIT(o, "v1h-");
        html_put_int(o, n);
        LIT(o, "z");
    }
}

void
chart_qr(struct html *o, const char *label, const char *text)
{
    QRcode *q = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    int side = q ? q->width + 2 * MARGIN : 0;

    if (!q) /* too long, or no memory: the words beside it do */
        return;
    LIT(o, "<svg class=\"rt-qr\" role=\"img\" aria-label=\"");
    html_put_text(o, label);
    LIT(o, "\" viewBox=\"0 0 ");
    html_put_int(o, side);
    LIT(o, " ");
    html_put_int(o, side);
    LIT(o, "\" shape-rendering=\"crispEdges\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
           "<path fill=\"#000\" d=\"");
    for (int y = 0; y < q->width; y++)
        draw_row(o, q->data + y * q->width, q->width, y);
    LIT(o, "\"/></svg>\n");
    QRcode_free(q);
}
