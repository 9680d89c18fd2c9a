-- A short word for machines that whoever reads the ticket's code is told of; empty for nearly all.
ALTER TABLE tickets_ticket ADD COLUMN remark text NOT NULL DEFAULT '' CHECK (length(remark) <= 40);
