-- name: proof_published^
select g.*, c.name as creator, c.timezone as zone
from giveaways g join communities c on c.id = g.community
where g.id = :id and g.published_at is not null;

-- name: proof_list_page
select commitment, tickets from giveaway_list
where giveaway = :id and commitment > :after order by commitment limit :most;

-- name: proof_log_page
select number, event, head from giveaway_log
where giveaway = :id and number > :after and number <= :until order by number limit :most;

-- name: proof_log_news
select number, event, head from giveaway_log
where giveaway = :id and number > :after and number <= :until
  and substr(event, 71, 15) not in ('","kind":"enter', '","kind":"leave', '","kind":"merge')
order by number;

-- name: proof_platforms
select platform, count(*) as entered from giveaway_entries
where giveaway = :id and left_at is null group by platform;

-- name: proof_numbers
select l.commitment, l.number from giveaway_list l
where l.giveaway = :id and l.commitment in (select value->>0 from json_each(:rows));

-- name: proof_entered
select g.* from giveaway_entries e join giveaways g on g.id = e.giveaway
where e.member = :member and e.left_at is null and g.community = :community
  and g.cancelled_at is null
order by coalesce(g.drawn_at, g.closes_at) desc, g.id desc limit :most;

-- name: proof_listed
select l.commitment, l.tickets from giveaway_list l
where l.giveaway = :id and l.commitment in (select value->>0 from json_each(:rows));
