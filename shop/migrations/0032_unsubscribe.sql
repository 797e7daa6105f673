-- Where a mail program tells us that its reader wants no more mail of this kind (RFC 8058).
alter table mail add column unsubscribe text;
