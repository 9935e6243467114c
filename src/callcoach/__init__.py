"""callcoach: did the rep explain the why of the initiative, or merely recite?"""

__version__ = "0.1.0"
