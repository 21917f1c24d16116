-- name: proposal_wording!
insert into proposals (id, community, entry, same, text_sealed, forget_at)
values (:id, :community, :entry, :same, :text_sealed, :forget_at)
on conflict (entry, same) where entry is not null and answer_sealed is null do nothing;

-- name: proposal_of_wording^
select id from proposals
where community = :community and entry = :entry and same = :same and answer_sealed is null
  and decided_at is null;

-- name: proposal_entry!
insert into proposals (id, community, question, same, text_sealed, answer_sealed, platform, chat,
                       thread, forget_at)
values (:id, :community, :question, :same, :text_sealed, :answer_sealed, :platform, :chat, :thread,
        :forget_at);

-- name: proposal_person!
insert into proposal_people (proposal, member) values (:proposal, :member)
on conflict (proposal, member) do nothing;

-- name: proposal_person_leaves!
delete from proposal_people where proposal = :proposal and member = :member;

-- name: proposal_get^
select p.id, p.entry, p.question, p.text_sealed, p.answer_sealed, p.platform, p.chat, p.thread,
       p.decided_at, (select count(*) from proposal_people o where o.proposal = p.id) as people
from proposals p where p.id = :id and p.community = :community;

-- name: proposals_page
select p.id, p.entry, p.question, p.text_sealed, p.answer_sealed, p.platform, p.chat, p.thread,
       p.decided_at, (select count(*) from proposal_people o where o.proposal = p.id) as people
from proposals p
where p.community = :community and p.decided_at is null and p.id > :after
order by p.id limit :most;

-- name: proposals_count^
select count(*) as waiting from proposals where community = :community and decided_at is null;

-- name: proposal_edit!
update proposals set same = :same, text_sealed = :text_sealed, answer_sealed = :answer_sealed
where id = :id and community = :community and decided_at is null and answer_sealed is not null;

-- name: proposal_decide^
update proposals set decided_at = :now
where id = :id and community = :community and decided_at is null
returning id;

-- name: proposal_reopen!
update proposals set decided_at = null where id = :id and community = :community;

-- name: proposal_drop_people!
delete from proposal_people where proposal = :id;

-- name: proposal_drop!
delete from proposals where id = :id and community = :community;

-- name: proposals_of
select p.id, p.text_sealed, p.decided_at from proposals p
join proposal_people o on o.proposal = p.id
where p.community = :community and o.member = :member order by p.id desc limit :most;

-- name: proposals_forget_people!
delete from proposal_people where member = :member;

-- name: proposal_forget!
delete from proposals
where id = :id and decided_at is null
  and not exists (select 1 from proposal_people o where o.proposal = :id);

-- name: proposals_forget_old_people!
delete from proposal_people
where proposal in (select id from proposals where community = :community and forget_at <= :now);

-- name: proposals_forget_old!
delete from proposals where community = :community and forget_at <= :now;

-- name: phrases_of
select text from phrases where entry = :entry order by position, text;

-- name: phrase_add!
insert into phrases (entry, text, position) values (:entry, :text, 1)
on conflict (entry, text) do nothing;

-- name: phrase_drop!
delete from phrases where entry = :entry and text = :text and position > 0;
