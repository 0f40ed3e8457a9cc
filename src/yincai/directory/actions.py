"""What changes the directory."""

from __future__ import annotations

from yincai.directory.deciding import decide_request as decide_request
from yincai.directory.requesting import submit_request as submit_request
from yincai.directory.requesting import withdraw_request as withdraw_request
from yincai.directory.rights import end_right as end_right
from yincai.directory.seeding import publish_directory as publish_directory
from yincai.directory.writings import publish_library as publish_library
