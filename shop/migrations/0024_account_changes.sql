-- Another mail address for an account, confirmed by a link to the new one; and an account that its owner deletes.

-- Asked for, and theirs once a link that was sent to it was followed.
alter table customer add column new_email text;

alter table mail_link drop constraint mail_link_purpose_check;
alter table mail_link add constraint mail_link_purpose_check check (purpose in ('staff_invitation', 'staff_password',
    'customer_confirmation', 'customer_login', 'customer_password', 'customer_email', 'customer_deletion'));
