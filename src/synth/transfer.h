/* synth/transfer.h - Common Transfer Files of a few children who changed school. */
#pragma once
#include "synth/life.h"
#include "synth/table.h"

enum { TRANSFERS = 6 };
struct transfer_set {
    const struct folder *in;
    int written;
    enum err err; /* of a file that could not be written */
};
void transfer_write(struct transfer_set *s, const struct life *l);
