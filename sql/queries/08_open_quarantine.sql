-- What waits in quarantine, and why?
select stage, reason_code, feed_slug, item_count, attempt_count
from warehouse.quarantine_summary
where status = 'open'
order by item_count desc, stage, reason_code;
