/* web/device.h - what somebody signs in with, in plain words: "Firefox on Windows". */
#pragma once

/* Of a User-Agent header, which may be NULL or anything; always one of a few fixed texts'
 * pairs, so that nothing a client sends is kept.  Into out of DEVICE_TEXT bytes. */
enum { DEVICE_TEXT = 48 };
void device_words(const char *user_agent, char *out);
