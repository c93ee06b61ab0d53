row src/access/mails.def MAIL <<'ROW'
MAIL(MAIL_REVIEW, "review", "an agreement that is to be looked at again", "A review is due",
     "The sharing agreement is to be looked at again. Sign in to see it.\n", NULL)
ROW
