-- name: report_card_add!
insert into report_cards (id, community, brand, every, hash, expires_at)
values (:id, :community, :brand, :every, :hash, :expires_at);

-- name: report_card_join!
update report_cards
set platform = :platform, chat = :chat, thread = :thread, private = :private,
    language = :language, told = :told
where hash = :hash and platform is null and expires_at > :now;

-- name: report_card_invited^
select k.id, k.community, k.brand, b.name as brand_name, k.every
from report_cards k join brands b on b.id = k.brand
where k.hash = :hash and k.platform is null and k.expires_at > :now;

-- name: report_card_get^
select k.id, k.community, k.brand, b.name as brand_name, k.every, k.platform, k.chat, k.thread,
       k.private, k.language, k.told
from report_cards k join brands b on b.id = k.brand
where k.community = :community and k.id = :id and k.platform is not null;

-- name: report_card_told!
update report_cards set told = :day
where community = :community and id = :id and told < :day;

-- name: report_cards_end!
delete from report_cards where community = :community and brand = :brand;

-- name: report_cards_expire!
delete from report_cards where platform is null and expires_at <= :now;

-- name: report_cards_forget!
delete from report_cards
where community = :community and platform = :platform and chat = :chat and private = 1;

-- name: report_cards_of
select b.name as brand_name, k.every from report_cards k join brands b on b.id = k.brand
where k.community = :community and k.platform = :platform and k.chat = :chat and k.private = 1
order by b.name;

-- name: report_card_seal^
select number, root from seals
where community = :community and day = :day order by revision desc limit 1;
