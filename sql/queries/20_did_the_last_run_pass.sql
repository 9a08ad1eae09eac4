-- Did the checks of the last load pass?
select stage, state, counts ->> 'candidates' as candidates, counts ->> 'refused' as refused
from warehouse.runs
where stage in ('validate_stories', 'validate_events', 'load')
order by run_id desc
limit 3;
