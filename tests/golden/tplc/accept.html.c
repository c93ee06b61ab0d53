/* Made by tplc from tests/golden/tplc/accept.html; do not edit. */
#include "out.h"
void page_all(struct html *o, const char *name, int n, const int *v, struct safe s)
{
html_lit(o, "<h1 title=\"", 11);
#line 4 "tests/golden/tplc/accept.html"
html_put(o, name);
html_lit(o, "\">", 2);
#line 4 "tests/golden/tplc/accept.html"
html_put(o, name);
html_lit(o, "</h1>\n"
    "<a href=\"/a/", 18);
#line 5 "tests/golden/tplc/accept.html"
html_put_part(o, name);
html_lit(o, "?b=", 3);
#line 5 "tests/golden/tplc/accept.html"
html_put_part(o, n);
html_lit(o, "\">", 2);
#line 5 "tests/golden/tplc/accept.html"
html_put(o, s);
html_lit(o, "</a> <a href=\"", 14);
#line 5 "tests/golden/tplc/accept.html"
html_put_url(o, name);
html_lit(o, "\">whole</a>\n"
    "<input value='", 26);
#line 6 "tests/golden/tplc/accept.html"
html_put(o, name);
html_lit(o, "'", 1);
#line 6 "tests/golden/tplc/accept.html"
if (n == 1) {
html_lit(o, " checked", 8);
}
html_lit(o, ">\n", 2);
#line 7 "tests/golden/tplc/accept.html"
if (n > 2) {
html_lit(o, "<p>many</p>\n", 12);
} else if (n) {
html_lit(o, "<p>few</p>\n", 11);
} else {
html_lit(o, "<p>none</p>\n", 12);
}
#line 14 "tests/golden/tplc/accept.html"
for (size_t n_x = 0; n_x < (size_t)( n); n_x++) {
const int *x = &(v)[n_x];
html_lit(o, "<i>", 3);
#line 15 "tests/golden/tplc/accept.html"
html_put(o, *x);
html_lit(o, "</i>\n", 5);
}
#line 17 "tests/golden/tplc/accept.html"
part_one(o, name);
html_lit(o, "<title>", 7);
#line 18 "tests/golden/tplc/accept.html"
html_put(o, name);
html_lit(o, "</title><textarea>", 18);
#line 18 "tests/golden/tplc/accept.html"
html_put(o, name);
html_lit(o, "</textarea>\n", 12);
}
void part_one(struct html *o, const char *name)
{
html_lit(o, "<b>", 3);
#line 21 "tests/golden/tplc/accept.html"
html_put(o, name);
html_lit(o, "</b>\n", 5);
}
