#include "web/governance/due.h"
#include "access/governance.h"
#include "base/date.h"

const char *
governance_overdue(struct job *j)
{
    enum governance_state state;
    char day[DATE_TEXT];
    int32_t by;

    if (!j->who || governance_agreement_due(j, &state, &by)) {
        err_clear(j);
        return NULL;
    }
    if (state == GOVERNANCE_OVERDUE)
        return job_format(j, "The sharing agreement should have been looked at again by %s.",
                          date_words(by, day));
    if (state == GOVERNANCE_SOON)
        return job_format(j, "The sharing agreement is to be looked at again by %s.",
                          date_words(by, day));
    return NULL;
}
