-- name: giveaway_challenge_of^
select tries, tried_at, solved_at from giveaway_challenges
where giveaway = :id and member = :member;

-- name: giveaway_challenge_put!
insert into giveaway_challenges (giveaway, member, tries, tried_at, solved_at)
values (:id, :member, :tries, :tried_at, :solved_at)
on conflict (giveaway, member) do update
set tries = excluded.tries, tried_at = excluded.tried_at, solved_at = excluded.solved_at;

-- name: giveaway_challenges_count^
select sum(case when solved_at is not null then 1 else 0 end) as solved,
       sum(case when solved_at is null then 1 else 0 end) as failed
from giveaway_challenges where giveaway = :id;
