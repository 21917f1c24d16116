-- name: connect_code_add!
insert into connect_codes (hash, community, member, platform, user_id, expires_at)
values (:hash, :community, :member, :platform, :user_id, :expires_at);

-- name: connect_codes_expire!
delete from connect_codes where expires_at <= :now;

-- name: connect_codes_forget!
delete from connect_codes where member = :member or taken_by = :member;

-- name: connect_code_of^
select member, platform, user_id, taken_by, taken_platform, taken_user from connect_codes
where hash = :hash and community = :community and expires_at > :now;

-- name: connect_code_take^
update connect_codes
set taken_by = :member, taken_platform = :platform, taken_user = :user_id
where hash = :hash and community = :community and expires_at > :now and taken_by is null
returning member;

-- name: connect_code_use^
delete from connect_codes
where hash = :hash and community = :community and expires_at > :now
returning member;

-- name: connect_tries_of^
select tries, since from connect_tries where member = :member;

-- name: connect_tries_put!
insert into connect_tries (member, tries, since) values (:member, :tries, :since)
on conflict (member) do update set tries = excluded.tries, since = excluded.since;

-- name: connect_tries_forget!
delete from connect_tries where member = :member;

-- name: merge_members!
update members
set role = (select max(m.role) from members m where m.id = :keep or m.id = :gone),
    joined_at = (select min(m.joined_at) from members m where m.id = :keep or m.id = :gone),
    language = coalesce(language, (select m.language from members m where m.id = :gone)),
    heard_language = coalesce(heard_language,
                              (select m.heard_language from members m where m.id = :gone))
where id = :keep;

-- name: merge_drop_questions!
delete from questions
where member = :gone and answered_at is null
  and same in (select q.same from questions q where q.member = :keep and q.answered_at is null);

-- name: merge_questions!
update questions set member = :keep where member = :gone;

-- name: merge_drop_opinions!
delete from opinions
where member = :gone and entry in (select o.entry from opinions o where o.member = :keep);

-- name: merge_opinions!
update opinions set member = :keep where member = :gone;

-- name: merge_drop_proposal_people!
delete from proposal_people
where member = :gone
  and proposal in (select p.proposal from proposal_people p where p.member = :keep);

-- name: merge_proposal_people!
update proposal_people set member = :keep where member = :gone;

-- name: merge_drop_brand_people!
delete from brand_people
where member = :gone and brand in (select p.brand from brand_people p where p.member = :keep);

-- name: merge_brand_people!
update brand_people set member = :keep where member = :gone;

-- name: merge_drop_untracked!
delete from untracked
where member = :gone and exists (select 1 from untracked u where u.member = :keep);

-- name: merge_untracked!
update untracked set member = :keep where member = :gone;

-- name: merge_link_tokens!
update link_tokens set member = :keep where member = :gone;

-- name: merge_campaign_changes!
update campaign_changes set member = :keep where member = :gone;

-- name: merge_drop_giveaway_clicks!
delete from giveaway_clicks
where member = :gone
  and giveaway in (select c.giveaway from giveaway_clicks c where c.member = :keep);

-- name: merge_giveaway_clicks!
update giveaway_clicks set member = :keep where member = :gone;

-- name: merge_drop_giveaway_challenges!
delete from giveaway_challenges
where member = :gone
  and giveaway in (select c.giveaway from giveaway_challenges c where c.member = :keep);

-- name: merge_giveaway_challenges!
update giveaway_challenges set member = :keep where member = :gone;

-- name: merge_giveaway_bans!
update giveaway_bans set banned_by = :keep where banned_by = :gone;

-- name: merge_identities!
update identities set member = :keep where member = :gone;

-- name: merge_who_clicks!
update clicks set who = :now where who = :was;

-- name: merge_who_member!
update click_members set who = :now
where campaign = :campaign and who = :was
  and not exists (select 1 from click_members m where m.campaign = :campaign and m.who = :now);

-- name: merge_entries
select e.giveaway, e.member, e.number, e.left_at, g.frozen_at, g.cancelled_at
from giveaway_entries e join giveaways g on g.id = e.giveaway
where e.member = :keep or e.member = :gone
order by e.giveaway, e.number;

-- name: merge_entry_drop!
delete from giveaway_entries where giveaway = :id and number = :number;

-- name: merge_entry_twin!
update giveaway_entries set twin = 1 where giveaway = :id and number = :number;

-- name: merge_entry_line!
update giveaway_entries set line = :line where giveaway = :id and number = :number;

-- name: merge_entries_move!
update giveaway_entries set member = :keep where giveaway = :id and member = :gone;
