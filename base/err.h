/* err.h - what went wrong, in one sentence, written by whoever knows the cause */
/* Runs in: every process. */
#ifndef WATCHDESK_BASE_ERR_H
#define WATCHDESK_BASE_ERR_H

/* A call answers 0 or more, or one of these. The comment is the exit code a verb gives for it. */
enum {
	E_USAGE = -1,	/* 2: the command line or the configuration is wrong */
	E_BAD = -2,	/* 1: input from outside that cannot be read */
	E_LIMIT = -3,	/* 1: more than a ceiling of base/limits.h */
	E_IO = -4,	/* 3: a file or the disk */
	E_FULL = -5,	/* 3: no space left */
	E_STORE = -6,	/* 3: the store refuses, or is damaged */
	E_BUSY = -7,	/* 3: somebody else holds it; try later */
	E_NET = -8,	/* 4: network or mail */
	E_DENIED = -9,	/* 4: robots.txt or the address guard forbids it */
	E_VERIFY = -10, /* 5: evidence does not verify */
	E_FAULT = -11,	/* 70: ours */
};

enum { ERR_TEXT = 600 };

struct err {
	int code;
	char text[ERR_TEXT]; /* what happened, to what, what to do; may quote input: escape it before showing it */
};

/* Write the sentence and return `code`. `err` may be NULL. */
int err_set(struct err *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Put "place: " in front of the sentence and return its code. */
int err_at(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The process exit code for an answer: 0 for an answer of 0 or more. */
int err_exit_code(int code);

#endif
