"""What changes the directory."""

from __future__ import annotations

from yincai.directory.answering_complaints import answer_complaint as answer_complaint
from yincai.directory.answering_complaints import claim_complaint as claim_complaint
from yincai.directory.answering_complaints import keep_away as keep_away
from yincai.directory.answering_complaints import release_complaint as release_complaint
from yincai.directory.answering_help import answer_ticket as answer_ticket
from yincai.directory.answering_help import claim_ticket as claim_ticket
from yincai.directory.answering_help import release_ticket as release_ticket
from yincai.directory.asking_help import Question as Question
from yincai.directory.asking_help import ask_ticket as ask_ticket
from yincai.directory.asking_help import begin_ticket as begin_ticket
from yincai.directory.asking_help import close_answered as close_answered
from yincai.directory.asking_help import close_ticket as close_ticket
from yincai.directory.asking_help import confirm_ticket as confirm_ticket
from yincai.directory.asking_help import forget_unconfirmed as forget_unconfirmed
from yincai.directory.asking_help import reply_to_ticket as reply_to_ticket
from yincai.directory.asking_help import send_code_again as send_code_again
from yincai.directory.complaining import Grievance as Grievance
from yincai.directory.complaining import submit_complaint as submit_complaint
from yincai.directory.deciding import decide_request as decide_request
from yincai.directory.editing import Sheet as Sheet
from yincai.directory.editing import change_writing as change_writing
from yincai.directory.editing import discard_draft as discard_draft
from yincai.directory.editing import publish_version as publish_version
from yincai.directory.editing import save_draft as save_draft
from yincai.directory.editing import send_back as send_back
from yincai.directory.editing import submit_draft as submit_draft
from yincai.directory.editing import withdraw_version as withdraw_version
from yincai.directory.editing import write_writing as write_writing
from yincai.directory.erasing import erase_complaint as erase_complaint
from yincai.directory.erasing import erase_request as erase_request
from yincai.directory.erasing import erase_ticket as erase_ticket
from yincai.directory.erasing import leave_directory as leave_directory
from yincai.directory.publishing import publish_library as publish_library
from yincai.directory.requesting import submit_request as submit_request
from yincai.directory.requesting import withdraw_request as withdraw_request
from yincai.directory.rights import end_right as end_right
from yincai.directory.seeding import publish_directory as publish_directory
