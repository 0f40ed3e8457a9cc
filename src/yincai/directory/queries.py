"""What anybody may ask of the directory; contacts and requests only through who may see them."""

from __future__ import annotations

from yincai.directory.asking import Input as Input
from yincai.directory.asking import clean as clean
from yincai.directory.asking import file_label as file_label
from yincai.directory.asking import inputs_of as inputs_of
from yincai.directory.declared import declared as declared
from yincai.directory.declared import keeps_directory as keeps_directory
from yincai.directory.erasing import KeptRequest as KeptRequest
from yincai.directory.erasing import decided_requests as decided_requests
from yincai.directory.erasing import ended_tickets as ended_tickets
from yincai.directory.erasing import kept_requests as kept_requests
from yincai.directory.finding import record as record
from yincai.directory.held import held_about as held_about
from yincai.directory.helping import offers_support as offers_support
from yincai.directory.helping import offices_of as offices_of
from yincai.directory.helping import progress_code as progress_code
from yincai.directory.requests import may_review as may_review
from yincai.directory.requests import open_request as open_request
from yincai.directory.requests import own_request as own_request
from yincai.directory.requests import own_requests as own_requests
from yincai.directory.requests import request_for_messages as request_for_messages
from yincai.directory.requests import request_of_key as request_of_key
from yincai.directory.requests import waiting as waiting
from yincai.directory.rights import administers as administers
from yincai.directory.rights import right_for_messages as right_for_messages
from yincai.directory.rights import rights_of as rights_of
from yincai.directory.routing import Route as Route
from yincai.directory.routing import may_have_administrator as may_have_administrator
from yincai.directory.routing import route_of as route_of
from yincai.directory.searching import search as search
from yincai.directory.similar import similar_to as similar_to
from yincai.directory.tickets import answered_tickets as answered_tickets
from yincai.directory.tickets import may_answer as may_answer
from yincai.directory.tickets import open_ticket as open_ticket
from yincai.directory.tickets import own_ticket as own_ticket
from yincai.directory.tickets import own_tickets as own_tickets
from yincai.directory.tickets import ticket_by_code as ticket_by_code
from yincai.directory.tickets import ticket_for_messages as ticket_for_messages
from yincai.directory.tickets import unconfirmed_ticket as unconfirmed_ticket
from yincai.directory.tickets import waiting_tickets as waiting_tickets
from yincai.directory.writings import WritingView as WritingView
from yincai.directory.writings import channels_of as channels_of
from yincai.directory.writings import search_writings as search_writings
from yincai.directory.writings import shelf_of as shelf_of
from yincai.directory.writings import writing as writing
