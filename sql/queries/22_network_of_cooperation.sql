-- Who did most with whom in 2026?
select source, target, sum(event_count) as events
from warehouse.dyad_day
where class in ('AGREE', 'CONSULT', 'SUPPORT', 'COOPERATE') and source < target and not is_implied and event_on between '2026-01-01' and '2026-12-31'
group by source, target
order by events desc, source, target
limit 12;
