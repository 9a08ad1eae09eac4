-- Who does most with whom?
select source, target, sum(event_count) as events
from warehouse.dyad_day
where class in ('AGREE', 'CONSULT', 'SUPPORT', 'COOPERATE') and source < target and not is_implied
group by source, target
order by events desc, source, target
limit 12;
