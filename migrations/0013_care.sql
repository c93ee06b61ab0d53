-- 0013: social care and early help from several sources, so that one child has one set of
-- spells: the children in need census, SSDA903, the Standard Safeguarding Dataset, DfE's daily
-- payload, Annex A.  Beside the kinds of 0001, care_episode holds the kinds help (early help),
-- placement (moved to another placement while looked after), missing (from home or placement)
-- and sdq (strengths and difficulties questionnaire, on its day).

ALTER TABLE care_episode ADD COLUMN source_kind TEXT NOT NULL DEFAULT 'cin'; -- batch.kind of the file: cin, ssda903, ssd, care-api, annex-a
ALTER TABLE care_episode ADD COLUMN told_to INTEGER; -- date, half-open: how far the file tells; NULL 1 April of return_year
ALTER TABLE care_episode ADD COLUMN score INTEGER; -- sdq: 0 to 40
ALTER TABLE care_episode ADD COLUMN placement TEXT; -- placement: its type as SSDA903 codes it: U1, K2 …
ALTER TABLE care_episode ADD COLUMN provider_urn INTEGER; -- placement: Ofsted's URN of the home or agency
