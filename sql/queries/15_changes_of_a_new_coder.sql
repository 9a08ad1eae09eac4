-- What did the newest coder version change?
select event_id, change_kind, old_event_type, event_type, old_status, status, old_event_on, event_on
from warehouse.coding_changes
order by changed_at desc, event_id
limit 100;
