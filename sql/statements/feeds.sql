-- Statements over ops.feed, ops.fetch_log, raw.document and raw.item.

-- name: save_feed
insert into ops.feed (feed_slug, name, url, kind, outlet, wire_slug, language, country_code, time_zone, poll_minutes, expected_items_per_day)
values (%(slug)s, %(name)s, %(url)s, %(kind)s, %(outlet)s, %(wire)s, %(language)s, nullif(%(country)s, ''), %(time_zone)s, %(poll_minutes)s, %(expected_items_per_day)s)
on conflict (feed_slug) do update set
    name = excluded.name, url = excluded.url, kind = excluded.kind, outlet = excluded.outlet, wire_slug = excluded.wire_slug,
    language = excluded.language, country_code = excluded.country_code, time_zone = excluded.time_zone,
    poll_minutes = excluded.poll_minutes, expected_items_per_day = excluded.expected_items_per_day, is_active = true,
    -- A feed that has moved is a new address: what the old one's server said of freshness and back-off is void.
    etag = case when feed.url = excluded.url then feed.etag end,
    last_modified = case when feed.url = excluded.url then feed.last_modified end,
    failure_count = case when feed.url = excluded.url then feed.failure_count else 0 end,
    not_before_at = case when feed.url = excluded.url then feed.not_before_at end;

-- name: retire_feeds
update ops.feed set is_active = false where not feed_slug = any(%(slugs)s) and is_active;

-- name: find_due_feeds
select feed_slug from ops.feed
where is_active and (not_before_at is null or not_before_at <= %(now)s or %(is_forced)s)
order by feed_slug;

-- name: find_feeds_with_pending_pages
select distinct feed_slug from raw.item
where page_state = 'pending' and (page_not_before_at is null or page_not_before_at <= %(now)s) order by feed_slug;

-- name: find_poll_state
select etag, last_modified, poll_count, failure_count from ops.feed where feed_slug = %(slug)s;

-- name: save_poll_state
update ops.feed set
    poll_count = poll_count + 1,
    failure_count = %(failure_count)s,
    not_before_at = %(not_before_at)s,
    last_attempt_at = %(requested_at)s,
    last_outcome = %(outcome)s,
    last_success_at = case when %(is_good)s then %(requested_at)s else last_success_at end,
    etag = case when %(is_ok)s then %(etag)s else etag end,
    last_modified = case when %(is_ok)s then %(last_modified)s else last_modified end,
    last_new_item_at = case when %(new_count)s > 0 then %(requested_at)s else last_new_item_at end
where feed_slug = %(slug)s;

-- name: save_fetch
insert into ops.fetch_log (feed_slug, kind, url, final_url, http_status, outcome, detail, moved_to, byte_count, duration_ms, document_id, requested_at, run_id)
values (%(feed_slug)s, %(kind)s, %(url)s, %(final_url)s, %(http_status)s, %(outcome)s, %(detail)s, %(moved_to)s, %(byte_count)s, %(duration_ms)s, %(document_id)s, %(requested_at)s, %(run_id)s);

-- name: make_month_partition
select raw.make_month_partition(%(moment)s);

-- name: save_document
insert into raw.document (feed_slug, kind, url, final_url, http_status, content_type, headers, sha256, byte_count, is_truncated, fetched_at, run_id)
values (%(feed_slug)s, %(kind)s, %(url)s, %(final_url)s, %(http_status)s, %(content_type)s, %(headers)s, %(sha256)s, %(byte_count)s, %(is_truncated)s, %(fetched_at)s, %(run_id)s)
on conflict (url, sha256) do nothing
returning document_id;

-- name: find_document
select document_id from raw.document where url = %(url)s and sha256 = %(sha256)s;

-- name: save_document_bytes
insert into raw.document_bytes (fetched_at, document_id, bytes) values (%(fetched_at)s, %(document_id)s, %(bytes)s);

-- name: load_document
select d.feed_slug, d.final_url, d.content_type, b.bytes, d.fetched_at
from raw.document d join raw.document_bytes b using (fetched_at, document_id)
where d.document_id = %(document_id)s;

-- name: save_items
insert into raw.item (feed_slug, guid, item_sha256, url, title, content, byline, published_raw, published_at, feed_document_id, page_state, batch_key, first_seen_at, run_id)
select feed_slug, guid, item_sha256, url, title, content, byline, published_raw, published_at, feed_document_id, page_state, batch_key, first_seen_at, run_id
from staged_item order by feed_slug, guid, item_sha256
on conflict (feed_slug, guid, item_sha256) do nothing;

-- name: stage_items
create temporary table staged_item on commit drop as table raw.item with no data

-- name: find_pending_items
select item_id, url, page_attempts from raw.item
where feed_slug = %(slug)s and page_state = 'pending' and (page_not_before_at is null or page_not_before_at <= %(now)s)
order by item_id;

-- name: save_page
update raw.item set
    page_document_id = %(document_id)s, page_state = %(state)s, page_outcome = %(outcome)s,
    page_attempts = page_attempts + 1, page_not_before_at = %(not_before_at)s, batch_key = case when %(state)s = 'pending' then null else %(batch_key)s end
where item_id = %(item_id)s;

-- name: find_stranded_batches
-- Batches with complete items of which nothing has been recorded: their asset event was lost, or their run died.
select distinct i.batch_key from raw.item i
where i.batch_key is not null and i.batch_key <> %(batch_key)s and i.first_seen_at > now() - interval '7 days'
    and not exists (select from core.story_item s where s.item_id = i.item_id)
    and not exists (select from ops.quarantine q where q.item_id = i.item_id)
    -- A load that waits for a person is not lost.
    and not exists (select from ops.quarantine q where q.item_key = i.batch_key and q.reason_code = 'ends_too_much' and q.status = 'open')
order by 1;

-- name: find_item_days
select distinct (coalesce(published_at, first_seen_at) at time zone 'UTC')::date
from raw.item
where page_state <> 'pending' and coalesce(published_at, first_seen_at) >= %(since)s::date at time zone 'UTC'
order by 1;

-- name: load_items
select i.item_id, i.feed_slug, i.guid, i.url, i.title, i.content, i.byline, i.published_raw, i.published_at,
    i.feed_document_id, i.page_document_id, i.page_outcome, d.final_url, d.content_type, b.bytes,
    f.name, f.url, f.kind, f.outlet, f.wire_slug, f.language, coalesce(f.country_code, ''), f.time_zone, f.poll_minutes, f.expected_items_per_day
from raw.item i
join ops.feed f using (feed_slug)
left join raw.document d on d.document_id = i.page_document_id
left join raw.document_bytes b on b.document_id = d.document_id and b.fetched_at = d.fetched_at
where i.page_state <> 'pending' and case when %(first)s::timestamptz is null then i.batch_key = %(batch_key)s
    else coalesce(i.published_at, i.first_seen_at) >= %(first)s and coalesce(i.published_at, i.first_seen_at) < %(last)s end
order by i.item_id;
