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
from giveaways g left join giveaway_entries e on e.giveaway = g.id and e.member = :member
where g.id = :id and g.community = :community;

-- name: giveaway_number^
update giveaways set last_number = last_number + 1, entered = entered + 1, changes = changes + 1
where id = :id and community = :community and closes_at > :now
  and frozen_at is null and cancelled_at is null
  and not exists (select 1 from giveaway_entries e where e.giveaway = :id and e.member = :member)
returning last_number as number, closes_at, changes, counted, counted_at,
          exists (select 1 from identities i
                  where i.platform = :platform and i.user_id = :user_id
                    and i.community = :community
                    and i.private_at is not null and i.blocked_at is null) as reachable;

-- name: giveaway_entry_add!
insert into giveaway_entries (giveaway, member, number, platform, user_id, private, tickets,
                              entered_at)
values (:id, :member, :number, :platform, :user_id, :private, 1, :now)
on conflict do nothing;

-- name: giveaway_touch^
update giveaways set entered = entered + :step, changes = changes + 1
where id = :id and community = :community and closes_at > :now
  and frozen_at is null and cancelled_at is null
returning closes_at, changes, counted, counted_at;

-- name: giveaway_entry_back^
update giveaway_entries
set left_at = null, entered_at = :now, platform = :platform, user_id = :user_id,
    private = :private
where giveaway = :id and member = :member and left_at is not null
returning number;

-- name: giveaway_entry_leave^
update giveaway_entries set left_at = :now
where giveaway = :id and member = :member and left_at is null
returning number;

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

-- name: giveaway_entrants
select e.number, e.tickets, i.platform, i.user_id
from giveaway_entries e join identities i on i.member = e.member
where e.giveaway = :id and e.left_at is null
order by e.number;

-- name: giveaway_freeze^
update giveaways
set frozen_at = :now, root = :root, head = :head, entrants = :entrants, tickets = :tickets
where id = :id and community = :community and closes_at <= :now
  and frozen_at is null and cancelled_at is null and changes = :changes
returning *;

-- name: giveaway_list_add*!
insert into giveaway_list (giveaway, commitment, tickets, number)
values (:id, :commitment, :tickets, :number);

-- name: giveaway_list_of
select commitment, tickets from giveaway_list where giveaway = :id;

-- name: giveaway_draw^
update giveaways set drawn_at = :now, secret = :secret
where id = :id and community = :community and head = :head and drawn_at is null
returning *;

-- name: giveaway_rank*!
update giveaway_list set rank = :rank where giveaway = :id and commitment = :commitment;

-- name: giveaway_winners
select l.number, e.platform, e.user_id, i.name_sealed, m.language, m.heard_language
from giveaway_list l
left join giveaway_entries e on e.giveaway = l.giveaway and e.number = l.number
left join members m on m.id = e.member
left join identities i on i.platform = e.platform and i.user_id = e.user_id
     and i.community = m.community
where l.giveaway = :id and l.rank is not null
order by l.rank;

-- name: giveaway_private_entrants
select e.number, e.platform, e.user_id, m.language, m.heard_language
from giveaway_entries e join members m on m.id = e.member
where e.giveaway = :id and e.number > :after and e.private = 1 and e.left_at is null
  and not exists (select 1 from giveaway_list l
                  where l.giveaway = e.giveaway and l.number = e.number and l.rank is not null)
order by e.number limit :most;

-- name: giveaway_key_drop!
delete from giveaway_keys where giveaway = :id;

-- name: giveaway_entries_drop!
delete from giveaway_entries
where giveaway = :id
  and number not in (select l.number from giveaway_list l
                     where l.giveaway = :id and l.rank is not null);

-- name: giveaways_of_member
select g.prize, e.number, e.left_at
from giveaway_entries e join giveaways g on g.id = e.giveaway
where e.member = :member and g.community = :community
order by e.entered_at, g.id;

-- name: giveaway_forget_running!
update giveaways set entered = entered - 1, changes = changes + 1, counted = counted + 1
where community = :community and frozen_at is null
  and id in (select giveaway from giveaway_entries where member = :member and left_at is null);

-- name: giveaway_forget_entries!
delete from giveaway_entries
where member = :member and giveaway in (select id from giveaways where community = :community);
