-- name: care_put!
insert into knowledge (community, version, last_number, care) values (:community, 0, 0, :care)
on conflict (community) do update set care = excluded.care;

-- name: care_get^
select care from knowledge where community = :community;

-- name: synonym_add^
insert into synonyms (id, community, word, means) values (:id, :community, :word, :means)
on conflict (community, word, means) do nothing
returning id;

-- name: synonym_remove^
delete from synonyms where id = :id and community = :community
returning word, means;

-- name: synonyms_page
select id, word, means from synonyms
where community = :community
order by word, means limit :most offset :skip;

-- name: synonyms_all
select word, means from synonyms where community = :community order by word, means;

-- name: synonyms_count^
select count(*) as synonyms from synonyms where community = :community;
