-- Whether the data can be trusted today.

create or replace view warehouse.quality_report as
select day, measure, subject, value, low, high, is_alert, row_count, made_at, run_id from ops.quality_report;
comment on view warehouse.quality_report is 'How each day''s data look: completeness, freshness, duplicates, drift of the class mix, with bounds; what is out of them is an alert';

create or replace view warehouse.quality_results as
select q.run_id, r.stage, r.batch_key, q.suite, q.expectation, q.is_success, q.row_count, q.unexpected_count, q.checked_at
from ops.quality_result q join ops.run r using (run_id);
comment on view warehouse.quality_results is 'What each expectation found in each batch';
