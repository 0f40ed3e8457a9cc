"""Long words, a moment and a case that the samples share."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from markupsafe import Markup

LONG_NAME = "买买提·吐尔逊·阿不都热合曼·艾则孜·玉素甫江"
LONG_ORGANISATION = "某某省某某市高新技术产业开发区生物医药与先进材料联合创新研究院有限责任公司"
LONG_ADDRESS = "某某省某某市某某区某某街道某某路一百二十八号某某国际科技园区第十二栋东单元二千三百零一室"
RICH = Markup(
    "<p><strong>2008 年</strong>毕业于某大学。</p>"
    "<ul><li><p>主持课题</p><ol><li><p>结题</p></li></ol></li></ul>"
    "<table><tbody><tr><th><p>年份</p></th><th><p>职务</p></th></tr>"
    "<tr><td><p>2012</p></td><td><p>所长</p></td></tr></tbody></table>"
    '<p class="indent-1">见<a href="https://example.org/" rel="noopener noreferrer nofollow">主页</a></p>'
)
AT = datetime(2026, 11, 22, 4, 3, tzinfo=UTC)
CASE_ID = UUID(int=1)
