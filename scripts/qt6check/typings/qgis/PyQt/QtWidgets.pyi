# QGIS's own module gives these too, as in Qt 5.
from PyQt6.QtGui import QAction as QAction
from PyQt6.QtGui import QActionGroup as QActionGroup
from PyQt6.QtGui import QShortcut as QShortcut
from PyQt6.QtWidgets import *
