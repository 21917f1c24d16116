-- name: giveaway_add!
insert into giveaways (id, community, prize, winners, hours, created_at,
                       last_number, entered, changes, counted,
                       campaign, disclosure_bn, disclosure_en)
values (:id, :community, :prize, :winners, :hours, :now, 0, 0, 0, 0,
        :campaign, :disclosure_bn, :disclosure_en);

-- name: giveaway_discard^
delete from giveaways where id = :id and community = :community and published_at is null
returning id;

-- name: giveaway_publish^
update giveaways
set published_at = :now, closes_at = :closes_at, params = :params, params_hash = :params_hash
where id = :id and community = :community and published_at is null
returning *;

-- name: giveaway_key_add!
insert into giveaway_keys (giveaway, key_sealed, secret_sealed)
values (:id, :key_sealed, :secret_sealed);

-- name: giveaway_key_get^
select key_sealed, secret_sealed from giveaway_keys where giveaway = :id;

-- name: giveaway_place_add*!
insert into giveaway_places (giveaway, platform, chat, thread)
values (:id, :platform, :chat, :thread);

-- name: giveaway_places_of
select platform, chat, thread from giveaway_places where giveaway = :id order by platform, chat;

-- name: giveaway_get^
select * from giveaways where id = :id and community = :community;

-- name: giveaways_running
select * from giveaways
where community = :community and closes_at > :now and frozen_at is null and cancelled_at is null
order by closes_at, id;

-- name: giveaways_recent
select * from giveaways where community = :community and published_at is not null
order by published_at desc, id desc limit :most;

-- name: giveaways_drawn
select * from giveaways where community = :community and drawn_at is not null
order by drawn_at desc, id desc limit :most;

-- name: giveaway_standing^
select g.*, e.number, e.left_at
from giveaways g left join giveaway_entries e on e.giveaway = g.id and e.member = :member and e.twin = 0
where g.id = :id and g.community = :community;

-- name: giveaway_count^
update giveaways set counted = changes, counted_at = :now
where id = :id and community = :community and frozen_at is null and cancelled_at is null
returning *;

-- name: giveaway_end^
update giveaways set closes_at = :now, ended_at = :now
where id = :id and community = :community and closes_at > :now
  and frozen_at is null and cancelled_at is null
returning *;

-- name: giveaway_cancel^
update giveaways set cancelled_at = :now, reason = :reason
where id = :id and community = :community and closes_at > :now
  and frozen_at is null and cancelled_at is null
returning *;

-- name: giveaway_freeze^
update giveaways
set frozen_at = :now, root = :root, head = :head, entrants = :entrants, tickets = :tickets,
    round = :round
where id = :id and community = :community and closes_at <= :now
  and frozen_at is null and cancelled_at is null and changes = :changes
returning *;

-- name: giveaways_awaiting
select * from giveaways
where community = :community and frozen_at is not null and drawn_at is null
  and cancelled_at is null and signature is null
order by frozen_at, id;

-- name: giveaway_take^
update giveaways set signature = :value
where id = :id and community = :community and frozen_at is not null and drawn_at is null
  and cancelled_at is null and signature is null
returning *;

-- name: giveaway_draw^
update giveaways set drawn_at = :now, secret = :secret
where id = :id and community = :community and head = :head and drawn_at is null
returning *;

-- name: giveaway_close^
update giveaways set closed_at = :now
where id = :id and community = :community and drawn_at is not null and closed_at is null
  and not exists (select 1 from giveaway_slots s
                  where s.giveaway = :id and s.claimed_at is null and s.lost_at is null)
returning *;

-- name: giveaway_purge^
update giveaways set purged_at = :now
where id = :id and community = :community and purged_at is null
  and (cancelled_at is not null or closed_at is not null
       or (drawn_at is not null and plan = '{}'))
returning id;

-- name: giveaway_key_drop!
delete from giveaway_keys where giveaway = :id;

-- name: giveaway_entries_drop!
delete from giveaway_entries
where giveaway = :id
  and number not in (
      select l.number
      from giveaway_list l
      left join giveaway_slots s on s.giveaway = l.giveaway and s.commitment = l.commitment
      where l.giveaway = :id
        and ((s.slot is null and l.rank > 0) or (s.slot is not null and s.lost_at is null)));

-- name: giveaway_details_drop!
update giveaway_slots set details_sealed = null
where giveaway = :id and details_sealed is not null;

-- The frozen list: rank 1, 2, … are the winners as drawn, -1, -2, … the reserves.

-- name: giveaway_list_add!
insert into giveaway_list (giveaway, commitment, tickets, number)
select :id, value->>0, cast(value->>1 as integer), cast(value->>2 as integer)
from json_each(:rows);

-- name: giveaway_list_of
select commitment, tickets, number from giveaway_list where giveaway = :id;

-- name: giveaway_rank*!
update giveaway_list set rank = :rank where giveaway = :id and commitment = :commitment;

-- name: giveaway_winners
select l.number, l.commitment, s.slot, e.platform, e.user_id, i.name_sealed, m.language,
       m.heard_language
from giveaway_list l
left join giveaway_slots s on s.giveaway = l.giveaway and s.commitment = l.commitment
left join giveaway_entries e on e.giveaway = l.giveaway and e.number = l.number
left join members m on m.id = e.member
left join identities i on i.platform = e.platform and i.user_id = e.user_id
     and i.community = m.community
where l.giveaway = :id and l.rank is not null
  and ((s.slot is null and l.rank > 0) or (s.slot is not null and s.lost_at is null))
order by coalesce(s.slot, l.rank);

-- name: giveaway_private_entrants
select e.number, e.platform, e.user_id, m.language, m.heard_language, l.rank
from giveaway_entries e join members m on m.id = e.member
left join giveaway_list l on l.giveaway = e.giveaway and l.number = e.number
where e.giveaway = :id and e.number > :after and e.private = 1 and e.left_at is null
  and (l.rank is null or l.rank < 0)
order by e.number limit :most;
