-- 0034: the last day that registers tell of, from the end of an index: each child's page asks.
CREATE INDEX register_batch_by_day ON register_batch (area_id, last_day);
