-- name: giveaway_slot_add!
insert into giveaway_slots (giveaway, slot, commitment, number, since, deadline)
select l.giveaway, cast(r.value->>0 as integer), l.commitment, l.number, :now, :deadline
from giveaway_list l join (select value from json_each(:rows)) r
     on r.value->>1 = l.commitment
where l.giveaway = :id;

-- name: giveaway_reopen!
update giveaways set closed_at = null where id = :id and closed_at is not null;

-- name: giveaway_candidate
select e.number, e.tickets, i.platform, i.user_id
from giveaway_entries e join identities i on i.member = e.member
where e.giveaway = :id and e.number = :number and e.left_at is null
order by i.platform, i.user_id;

-- name: giveaway_reach
select i.platform, i.user_id, i.private_at, i.blocked_at, m.language, m.heard_language,
       case when i.platform = e.platform and i.user_id = e.user_id then 0 else 1 end as other
from giveaway_entries e
join members m on m.id = e.member
join identities i on i.member = e.member
where e.giveaway = :id and e.number = :number and e.left_at is null
order by other, i.platform, i.user_id;

-- name: giveaway_slots_of
select s.*, e.platform, e.user_id, i.name_sealed
from giveaway_slots s
left join giveaway_entries e on e.giveaway = s.giveaway and e.number = s.number
left join members m on m.id = e.member
left join identities i on i.platform = e.platform and i.user_id = e.user_id
     and i.community = m.community
where s.giveaway = :id
order by s.slot, s.since;

-- name: giveaway_slots_of_member
select g.*, s.* from giveaway_slots s
join giveaways g on g.id = s.giveaway
join giveaway_entries e on e.giveaway = s.giveaway and e.number = s.number
where e.member = :member and g.community = :community
order by s.since, s.giveaway, s.slot;

-- name: giveaway_slot_claim^
update giveaway_slots set claimed_at = :now, details_sealed = :details
where giveaway = :id and slot = :slot and number = :number
  and claimed_at is null and lost_at is null and deadline > :now
returning *;

-- name: giveaway_slot_lapse^
update giveaway_slots set lost_at = :now, lost_why = :why
where giveaway = :id and slot = :slot and number = :number
  and claimed_at is null and lost_at is null and deadline <= :now
returning *;

-- name: giveaway_slot_take^
update giveaway_slots set lost_at = :now, lost_why = :why, details_sealed = null
where giveaway = :id and slot = :slot and number = :number
  and lost_at is null and delivered_at is null
returning *;

-- name: giveaway_slot_deliver^
update giveaway_slots set delivered_at = :now, details_sealed = null
where giveaway = :id and slot = :slot
  and claimed_at is not null and lost_at is null and delivered_at is null
returning *;

-- name: giveaway_reserve^
select l.commitment, l.number, l.rank, e.member
from giveaway_list l
left join giveaway_entries e on e.giveaway = l.giveaway and e.number = l.number
where l.giveaway = :id and l.rank < 0
  and not exists (select 1 from giveaway_slots s
                  where s.giveaway = l.giveaway and s.commitment = l.commitment)
order by l.rank desc limit 1;

-- name: giveaway_pass!
update giveaway_list set rank = null where giveaway = :id and commitment = :commitment;

-- name: giveaways_with_claims
select * from giveaways g
where g.community = :community and g.drawn_at is not null
  and exists (select 1 from giveaway_slots s where s.giveaway = g.id)
order by g.drawn_at desc, g.id desc limit :most;

-- name: giveaway_details_forget!
update giveaway_slots set details_sealed = null
where details_sealed is not null
  and exists (select 1 from giveaway_entries e
              where e.giveaway = giveaway_slots.giveaway and e.number = giveaway_slots.number
                and e.member = :member);
