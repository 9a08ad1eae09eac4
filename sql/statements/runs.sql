-- Statements over ops.run, ops.candidate, ops.quarantine and ops.quality_result.

-- name: start_run
insert into ops.run (stage, batch_key, feed_slug, dag_id, dag_run_id, try_number, process_id)
values (%(stage)s, %(batch_key)s, %(feed_slug)s, %(dag_id)s, %(dag_run_id)s, %(try_number)s, %(process_id)s)
returning run_id;

-- name: end_run
update ops.run set state = 'success', counts = %(counts)s, finished_at = clock_timestamp() where run_id = %(run_id)s;

-- name: fail_run
update ops.run set state = 'failed', error = %(error)s, finished_at = clock_timestamp() where run_id = %(run_id)s;

-- name: clear_candidates
-- This run's own from an earlier try, and what no run will look at again.
delete from ops.candidate
where (batch_key = %(batch_key)s and dag_run_id = %(dag_run_id)s) or updated_at < now() - interval '14 days';

-- name: save_candidates
insert into ops.candidate (batch_key, dag_run_id, item_id, position, story_key, state, story)
select batch_key, dag_run_id, item_id, position, story_key, 'clean', story from staged_candidate;

-- name: stage_candidates
create temporary table staged_candidate on commit drop as table ops.candidate with no data

-- name: load_candidates
select c.item_id, c.position, i.feed_slug, c.story_key, c.story, c.decision, c.events
from ops.candidate c join raw.item i using (item_id)
where c.batch_key = %(batch_key)s and c.dag_run_id = %(dag_run_id)s and c.state = any(%(states)s)
order by c.item_id, c.position;

-- name: advance_candidates
update ops.candidate c set
    state = s.state,
    decision = coalesce(s.decision, c.decision),
    events = coalesce(s.events, c.events),
    updated_at = now()
from staged_candidate s
where c.batch_key = s.batch_key and c.dag_run_id = s.dag_run_id and c.item_id = s.item_id and c.position = s.position;

-- name: save_refusal
insert into ops.quarantine (stage, reason_code, detail, feed_slug, item_key, item_id, document_id, content_sha256, payload, batch_key, run_id)
values (%(stage)s, %(reason_code)s, %(detail)s, %(feed_slug)s, %(item_key)s, %(item_id)s, %(document_id)s, %(content_sha256)s, %(payload)s, %(batch_key)s, %(run_id)s)
on conflict (stage, reason_code, item_key, content_sha256) do update set
    attempt_count = quarantine.attempt_count + 1, last_at = now(), detail = excluded.detail,
    status = 'open', resolved_at = null, resolution = null;

-- name: release_items
update ops.quarantine q set status = 'released', resolved_at = now(), resolution = 'passed in run ' || %(run_id)s
where q.item_id = any(%(item_ids)s) and q.status = 'open' and q.stage <> 'validate_events'
    -- What this very pass refused (another item of the same digest) stays.
    and q.last_at < (select max(started_at) from ops.run where batch_key = %(batch_key)s and dag_run_id = %(dag_run_id)s and stage = 'clean');

-- name: release_held
update ops.quarantine set status = 'released', resolved_at = now(), resolution = 'passed in run ' || %(run_id)s
where stage = %(stage)s and reason_code = 'ends_too_much' and item_key = %(batch_key)s and status = 'open';

-- name: release_document
update ops.quarantine set status = 'released', resolved_at = now(), resolution = 'read in run ' || %(run_id)s
where document_id = %(document_id)s and stage = 'parse' and status = 'open';

-- name: find_quarantine
select quarantine_id, stage, reason_code, feed_slug, item_key, detail, status, attempt_count, first_at, last_at, batch_key, item_id, document_id
from ops.quarantine
where (%(reason)s::text is null or reason_code = %(reason)s) and (%(feed)s::text is null or feed_slug = %(feed)s)
    and (%(id)s::bigint is null or quarantine_id = %(id)s) and (%(status)s::text is null or status = %(status)s)
    and (%(day)s::date is null or (first_at at time zone 'UTC')::date = %(day)s::date)
order by last_at desc, quarantine_id;

-- name: load_quarantined
select q.payload, d.url, d.content_type, b.bytes
from ops.quarantine q
left join raw.item i on i.item_id = q.item_id
left join raw.document d on d.document_id = coalesce(q.document_id, i.page_document_id, i.feed_document_id)
left join raw.document_bytes b on b.document_id = d.document_id and b.fetched_at = d.fetched_at
where q.quarantine_id = %(id)s;

-- name: save_quality
insert into ops.quality_result (run_id, suite, expectation, is_success, row_count, unexpected_count)
values (%(run_id)s, %(suite)s, %(expectation)s, %(is_success)s, %(row_count)s, %(unexpected_count)s);
