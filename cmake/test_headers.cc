// Nothing: the headers that the tests share are compiled before it (DoorbusterModule.cmake).
