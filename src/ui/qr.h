/* ui/qr.h - a text as a QR code (libqrencode), drawn into the page. */
#pragma once
#include "ui/html.h"

/* Black on white with its margin, whatever the colours of the page; label says what it is. */
void chart_qr(struct html *o, const char *label, const char *text);
