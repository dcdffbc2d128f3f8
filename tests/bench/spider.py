"""The same work for Scrapy: listing pages, their links, each paste's text as an item."""
import scrapy


class Bulk(scrapy.Spider):
    name = "bulk"
    custom_settings = {
        "CONCURRENT_REQUESTS": 64,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 64,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": True,
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
    }

    def __init__(self, url, **options):
        super().__init__(**options)
        self.start_urls = [url]

    def parse(self, response):
        for link in response.xpath("//td/a/@href"):
            yield response.follow(link, self.paste)
        for link in response.xpath('//a[@rel="next"]/@href'):
            yield response.follow(link, self.parse)

    def paste(self, response):
        yield {"url": response.url, "text": response.text}
