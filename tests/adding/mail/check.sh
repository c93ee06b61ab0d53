# Its words are plain, and what waits of each kind is carried out.
unit access/test_outbox
