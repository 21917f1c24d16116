-- name: giveaway_platforms
select e.platform, count(*) as entries from giveaway_entries e
where e.giveaway = :id and e.left_at is null
group by e.platform order by e.platform;

-- name: giveaway_connected^
select count(*) as people from (
    select e.member from giveaway_entries e join identities i on i.member = e.member
    where e.giveaway = :id and e.left_at is null
    group by e.member having count(*) > 1) both_accounts;

-- name: giveaway_left^
select count(*) as people from giveaway_entries where giveaway = :id and left_at is not null;

-- name: giveaway_entered
select e.number, e.platform, e.user_id, e.entered_at, e.left_at, e.private, m.joined_at,
       case when m.heard_language is null
             and not exists (select 1 from questions q where q.member = e.member)
            then 1 else 0 end as silent
from giveaway_entries e join members m on m.id = e.member
where e.giveaway = :id
order by e.number;

-- name: giveaway_listed
select number, commitment from giveaway_list where giveaway = :id;
