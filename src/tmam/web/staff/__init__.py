"""The area of tmam's own staff: help people with their accounts, every look and every act noted (`accounts.staff_log`)."""
