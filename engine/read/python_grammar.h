// The grammar of one logical line, in PEGTL: only what is read. Where a line goes on otherwise, one
// of the rules `missing_...` matches, whose action throws the error for what stands there.
#pragma once

#include <tao/pegtl.hpp>

namespace backstep::read::grammar {

namespace pegtl = tao::pegtl;

// Blanks. A logical line holds an end of line only where Python lets it go on.
struct comment : pegtl::seq<pegtl::one<'#'>, pegtl::star<pegtl::not_one<'\n', '\r'>>> {};
struct line_join : pegtl::seq<pegtl::one<'\\'>, pegtl::one<'\n', '\r'>> {};
struct blank : pegtl::sor<pegtl::one<' ', '\t', '\f', '\n', '\r'>, line_join, comment> {};
struct gap : pegtl::star<blank> {};

struct missing_operand : pegtl::success {};
struct missing_operator : pegtl::success {};

// Names. Beyond ASCII, Python allows letters; punctuation that looks like code is no letter.
struct letter
    : pegtl::sor<pegtl::identifier_first,
                 pegtl::utf8::ranges<0xaa, 0xaa, 0xb5, 0xb5, 0xba, 0xba, 0xc0, 0xd6, 0xd8, 0xf6,
                                     0xf8, 0x1fff, 0x2070, 0x218f, 0x2c00, 0x2dff, 0x3041, 0xd7ff,
                                     0xf900, 0xfdff, 0xfe70, 0xfefc, 0x10000, 0x1f0ff>> {};
struct word : pegtl::seq<letter, pegtl::star<pegtl::sor<letter, pegtl::digit>>> {};
struct quote : pegtl::one<'"', '\''> {};
template <char... kLetters>
struct keyword : pegtl::keyword<kLetters...> {};

// A name, None, True or False; the action turns Python's other words away.
struct name : pegtl::seq<word, pegtl::not_at<quote>> {};

// Numbers.
struct digits : pegtl::seq<pegtl::digit, pegtl::star<pegtl::opt<pegtl::one<'_'>>, pegtl::digit>> {};
struct exponent : pegtl::seq<pegtl::one<'e', 'E'>, pegtl::opt<pegtl::one<'+', '-'>>, digits> {};
struct fraction : pegtl::sor<pegtl::seq<digits, pegtl::one<'.'>, pegtl::opt<digits>>,
                             pegtl::seq<pegtl::one<'.'>, digits>> {};
// 0x10, 0b1, 0o7.
template <char kLower, char kUpper, typename Digit>
struct based : pegtl::seq<pegtl::one<'0'>, pegtl::one<kLower, kUpper>,
                          pegtl::plus<pegtl::opt<pegtl::one<'_'>>, Digit>> {};
struct based_number : pegtl::sor<based<'x', 'X', pegtl::xdigit>, based<'o', 'O', pegtl::digit>,
                                 based<'b', 'B', pegtl::digit>> {};
struct number : pegtl::seq<pegtl::sor<based_number, pegtl::seq<fraction, pegtl::opt<exponent>>,
                                      pegtl::seq<digits, pegtl::opt<exponent>>>,
                           pegtl::not_at<letter>> {};

// Strings: `text` is what stands between the quotes.
template <char kQuote>
struct triple : pegtl::string<kQuote, kQuote, kQuote> {};
struct escaped : pegtl::seq<pegtl::one<'\\'>, pegtl::any> {};
template <char kQuote>
struct long_text : pegtl::until<pegtl::at<triple<kQuote>>, pegtl::sor<escaped, pegtl::any>> {};
template <char kQuote>
struct short_text : pegtl::star<pegtl::sor<escaped, pegtl::not_one<kQuote, '\\'>>> {};
template <char kQuote>
struct quoted : pegtl::sor<pegtl::seq<triple<kQuote>, long_text<kQuote>, triple<kQuote>>,
                           pegtl::seq<pegtl::one<kQuote>, short_text<kQuote>, pegtl::one<kQuote>>> {
};
struct string_prefix : pegtl::opt<pegtl::sor<pegtl::seq<pegtl::one<'r', 'R'>, pegtl::one<'f', 'F'>>,
                                             pegtl::seq<pegtl::one<'f', 'F'>, pegtl::one<'r', 'R'>>,
                                             pegtl::one<'r', 'R', 'u', 'U', 'f', 'F'>>> {};
struct any_string : pegtl::sor<quoted<'"'>, quoted<'\''>> {};
struct one_string : pegtl::seq<string_prefix, any_string> {};
struct text : pegtl::list<one_string, pegtl::star<blank>> {};

// Lists of expressions: what encloses them says where they may end.
struct expression;
struct need_expression;
struct need_disjunction;
struct list_end : pegtl::sor<pegtl::eof, pegtl::one<')', ']', '=', ';'>> {};
struct comma : pegtl::one<','> {};
struct star_mark : pegtl::seq<pegtl::one<'*'>, pegtl::not_at<pegtl::one<'*', '='>>> {};
struct starred : pegtl::seq<star_mark, gap, need_disjunction> {};
struct item : pegtl::sor<starred, need_expression> {};
struct more_items : pegtl::star<gap, comma, gap, pegtl::opt<pegtl::not_at<list_end>, item>> {};
struct items : pegtl::seq<item, more_items> {};

// `for x, y in pairs if x > y`, within brackets.
struct for_word : keyword<'f', 'o', 'r'> {};
struct in_word : keyword<'i', 'n'> {};
struct if_word : keyword<'i', 'f'> {};
struct targets;
struct need_in : pegtl::sor<in_word, missing_operator> {};
struct clause_target : pegtl::seq<targets> {};
struct clause_iterable : pegtl::seq<need_disjunction> {};
struct clause_condition : pegtl::seq<need_disjunction> {};
struct clause : pegtl::seq<for_word, gap, clause_target, gap, need_in, gap, clause_iterable,
                           pegtl::star<gap, if_word, gap, clause_condition>> {};
struct clauses : pegtl::seq<gap, clause, pegtl::star<gap, clause>> {};
struct many_items : pegtl::seq<item, pegtl::sor<clauses, more_items>> {};

template <char kClose>
struct need_close : pegtl::sor<pegtl::one<kClose>, missing_operator> {};

struct parenthesis_open : pegtl::one<'('> {};
struct parenthesis
    : pegtl::seq<parenthesis_open, gap, pegtl::opt<pegtl::not_at<list_end>, many_items>, gap,
                 need_close<')'>> {};
struct list_open : pegtl::one<'['> {};
struct list : pegtl::seq<list_open, gap, pegtl::opt<pegtl::not_at<list_end>, many_items>, gap,
                         need_close<']'>> {};

struct brace_open : pegtl::one<'{'> {};
struct pair_colon : pegtl::sor<pegtl::one<':'>, missing_operator> {};
struct pair : pegtl::seq<need_expression, gap, pair_colon, gap, need_expression> {};
struct more_pairs : pegtl::star<gap, comma, gap, pegtl::opt<pegtl::not_at<pegtl::one<'}'>>, pair>> {
};
struct dictionary
    : pegtl::seq<brace_open, gap,
                 pegtl::opt<pegtl::not_at<pegtl::one<'}'>>, pair, pegtl::sor<clauses, more_pairs>>,
                 gap, need_close<'}'>> {};

struct operand : pegtl::sor<number, name, text, parenthesis, list, dictionary> {};

// What may follow an operand: .name, (arguments), [index].
struct attribute_name : word {};
struct attribute : pegtl::seq<pegtl::one<'.'>, pegtl::not_at<pegtl::one<'.'>>, gap,
                              pegtl::sor<attribute_name, missing_operand>> {};
struct equals : pegtl::seq<pegtl::one<'='>, pegtl::not_at<pegtl::one<'='>>> {};
struct keyword_name : word {};
struct keyword_argument
    : pegtl::seq<pegtl::at<word, gap, equals>, keyword_name, gap, equals, gap, need_expression> {};
struct two_stars : pegtl::seq<pegtl::two<'*'>, pegtl::not_at<pegtl::one<'='>>> {};
struct twice_starred : pegtl::seq<two_stars, gap, need_disjunction> {};
struct argument : pegtl::sor<keyword_argument, twice_starred, item> {};
struct call_open : pegtl::one<'('> {};
struct more_arguments
    : pegtl::star<gap, comma, gap, pegtl::opt<pegtl::not_at<list_end>, argument>> {};
struct call
    : pegtl::seq<call_open, gap,
                 pegtl::opt<pegtl::not_at<list_end>, argument, pegtl::sor<clauses, more_arguments>>,
                 gap, need_close<')'>> {};

// Within an index: expressions, slices and `...`.
struct ellipsis : pegtl::string<'.', '.', '.'> {};
struct slice_begin : pegtl::success {};
struct slice_end : pegtl::success {};
struct no_bound : pegtl::success {};
struct slice_colon : pegtl::seq<pegtl::one<':'>, pegtl::not_at<pegtl::one<'='>>> {};
struct slice_bound
    : pegtl::sor<pegtl::seq<pegtl::at<pegtl::one<':', ',', ']'>>, no_bound>, need_expression> {};
struct first_bound : pegtl::sor<pegtl::seq<pegtl::at<pegtl::one<':'>>, no_bound>, need_expression> {
};
struct slice_rest : pegtl::seq<slice_colon, gap, slice_bound> {};
struct index_item
    : pegtl::sor<ellipsis, pegtl::seq<slice_begin, first_bound, pegtl::opt<gap, slice_rest>,
                                      pegtl::opt<gap, slice_rest>, slice_end>> {};
struct more_index_items
    : pegtl::star<gap, comma, gap, pegtl::opt<pegtl::not_at<list_end>, index_item>> {};
struct index_open : pegtl::one<'['> {};
struct index : pegtl::seq<index_open, gap, index_item, more_index_items, gap, need_close<']'>> {};
struct postfix : pegtl::seq<operand, pegtl::star<gap, pegtl::sor<attribute, call, index>>> {};

// Operators. None of them is followed by the `=` of an augmented assignment.
struct no_equals : pegtl::not_at<pegtl::one<'='>> {};
struct power_operator : pegtl::seq<pegtl::two<'*'>, no_equals> {};
struct product_operator
    : pegtl::sor<pegtl::seq<pegtl::one<'*'>, pegtl::not_at<pegtl::one<'*', '='>>>,
                 pegtl::seq<pegtl::two<'/'>, no_equals>,
                 pegtl::seq<pegtl::one<'/'>, pegtl::not_at<pegtl::one<'/', '='>>>,
                 pegtl::seq<pegtl::one<'%'>, no_equals>, pegtl::seq<pegtl::one<'@'>, no_equals>> {};
struct sum_operator : pegtl::seq<pegtl::one<'+', '-'>, pegtl::not_at<pegtl::one<'=', '>'>>> {};
struct and_operator : pegtl::seq<pegtl::one<'&'>, no_equals> {};
struct xor_operator : pegtl::seq<pegtl::one<'^'>, no_equals> {};
struct or_operator : pegtl::seq<pegtl::one<'|'>, no_equals> {};
struct not_word : keyword<'n', 'o', 't'> {};
struct is_word : keyword<'i', 's'> {};
struct not_in : pegtl::seq<not_word, gap, in_word> {};
struct is_not : pegtl::seq<is_word, gap, not_word> {};
struct word_operator : pegtl::sor<in_word, not_in, is_not, is_word> {};
struct comparison_operator
    : pegtl::sor<pegtl::string<'=', '='>, pegtl::string<'!', '='>, pegtl::string<'<', '='>,
                 pegtl::string<'>', '='>,
                 pegtl::seq<pegtl::one<'<'>, pegtl::not_at<pegtl::one<'<', '>'>>>,
                 pegtl::seq<pegtl::one<'>'>, pegtl::not_at<pegtl::one<'>'>>>> {};

// Expressions, from the tightest. Loops, not recursion: a line may have a million terms.
struct need_postfix : pegtl::sor<postfix, missing_operand> {};
struct sign : pegtl::one<'+', '-', '~'> {};
struct signs : pegtl::star<sign, gap> {};
struct exponent_signs : signs {};
struct power_tail : pegtl::seq<power_operator, gap, exponent_signs, need_postfix> {};
struct power_begin : pegtl::success {};
struct power : pegtl::seq<power_begin, need_postfix, pegtl::star<gap, power_tail>> {};
struct factor_signs : signs {};
struct factor : pegtl::seq<factor_signs, power> {};
struct product_tail : pegtl::seq<product_operator, gap, factor> {};
struct product : pegtl::seq<factor, pegtl::star<gap, product_tail>> {};
struct sum_tail : pegtl::seq<sum_operator, gap, product> {};
struct sum : pegtl::seq<product, pegtl::star<gap, sum_tail>> {};
struct bit_and_tail : pegtl::seq<and_operator, gap, sum> {};
struct bit_and : pegtl::seq<sum, pegtl::star<gap, bit_and_tail>> {};
struct bit_xor_tail : pegtl::seq<xor_operator, gap, bit_and> {};
struct bit_xor : pegtl::seq<bit_and, pegtl::star<gap, bit_xor_tail>> {};
struct bit_or_tail : pegtl::seq<or_operator, gap, bit_xor> {};
struct bit_or : pegtl::seq<bit_xor, pegtl::star<gap, bit_or_tail>> {};
struct comparison_tail : pegtl::seq<pegtl::sor<comparison_operator, word_operator>, gap, bit_or> {};
struct comparison : pegtl::seq<bit_or, pegtl::star<gap, comparison_tail>> {};
struct negation_word : not_word {};
struct negation_begin : pegtl::success {};
struct negation : pegtl::seq<negation_begin, pegtl::star<negation_word, gap>, comparison> {};
struct and_word : keyword<'a', 'n', 'd'> {};
struct or_word : keyword<'o', 'r'> {};
struct logic_begin : pegtl::success {};
struct conjunction : pegtl::seq<logic_begin, negation, pegtl::star<gap, and_word, gap, negation>> {
};
struct disjunction
    : pegtl::seq<logic_begin, conjunction, pegtl::star<gap, or_word, gap, conjunction>> {};
struct need_disjunction : pegtl::seq<disjunction> {};
struct else_word : keyword<'e', 'l', 's', 'e'> {};
struct need_else : pegtl::sor<else_word, missing_operator> {};
struct lambda;
struct otherwise : pegtl::sor<lambda, disjunction> {};
struct conditional_begin : pegtl::success {};
struct conditional_tail : pegtl::seq<if_word, gap, disjunction, gap, need_else, gap, otherwise> {};
struct conditional_expression
    : pegtl::seq<conditional_begin, disjunction, pegtl::star<gap, conditional_tail>> {};
struct expression : pegtl::sor<lambda, conditional_expression> {};
struct need_expression : expression {};

// What a loop sets: names, parts of arrays, and tuples of them.
struct starred_target : pegtl::seq<star_mark, gap, need_postfix> {};
struct target : pegtl::sor<starred_target, need_postfix> {};
struct target_end : pegtl::sor<list_end, in_word> {};
struct targets_open : pegtl::success {};
struct targets
    : pegtl::seq<targets_open, target,
                 pegtl::star<gap, comma, gap, pegtl::opt<pegtl::not_at<target_end>, target>>> {};

// Expressions with commas and without brackets: a tuple.
struct bare_open : pegtl::success {};
struct bare_items : pegtl::seq<bare_open, items> {};

// Text that is passed over: up to a `;`, or to the end of an annotation.
struct bracketed;
template <char... kEnds>
struct passed_over
    : pegtl::star<pegtl::sor<comment, pegtl::disable<any_string>, bracketed,
                             pegtl::not_one<kEnds..., '(', '[', '{', ')', ']', '}'>>> {};
struct bracketed
    : pegtl::seq<pegtl::one<'(', '[', '{'>, passed_over<'('>, pegtl::one<')', ']', '}'>> {};

// Statements.
struct semicolon : pegtl::one<';'> {};
struct statement_begin : pegtl::success {};
struct skipped_word
    : pegtl::sor<keyword<'i', 'm', 'p', 'o', 'r', 't'>, keyword<'f', 'r', 'o', 'm'>,
                 keyword<'a', 's', 's', 'e', 'r', 't'>,
                 pegtl::seq<keyword<'p', 'r', 'i', 'n', 't'>, pegtl::at<gap, pegtl::one<'('>>>> {};
struct skipped : pegtl::seq<skipped_word, passed_over<';'>> {};
struct pass : keyword<'p', 'a', 's', 's'> {};
struct break_statement : keyword<'b', 'r', 'e', 'a', 'k'> {};
struct continue_statement : keyword<'c', 'o', 'n', 't', 'i', 'n', 'u', 'e'> {};
struct raise_statement : pegtl::seq<keyword<'r', 'a', 'i', 's', 'e'>, passed_over<';'>> {};
struct delete_statement : pegtl::seq<keyword<'d', 'e', 'l'>, gap, targets> {};
struct return_ : keyword<'r', 'e', 't', 'u', 'r', 'n'> {};
struct return_statement
    : pegtl::seq<return_, gap,
                 pegtl::opt<pegtl::not_at<pegtl::sor<pegtl::eof, semicolon>>, bare_items>> {};
struct augmented_operator
    : pegtl::sor<
          pegtl::string<'*', '*', '='>, pegtl::string<'/', '/', '='>,
          pegtl::seq<pegtl::one<'*', '/', '%', '@', '+', '-', '&', '|', '^'>, pegtl::one<'='>>> {};
struct augmented : pegtl::seq<augmented_operator, gap, bare_items> {};
struct assigned : pegtl::seq<equals, gap, bare_items> {};
struct annotation
    : pegtl::seq<pegtl::one<':'>, pegtl::not_at<pegtl::one<'='>>, passed_over<',', '=', ';'>> {};
struct assignment : pegtl::plus<gap, assigned> {};
struct evaluation : pegtl::success {};
struct expression_statement
    : pegtl::seq<
          bare_items,
          pegtl::sor<pegtl::seq<gap, augmented>, assignment,
                     pegtl::seq<gap, annotation, pegtl::sor<assignment, evaluation>>, evaluation>> {
};
struct statement
    : pegtl::seq<statement_begin,
                 pegtl::sor<skipped, pass, return_statement, break_statement, continue_statement,
                            raise_statement, delete_statement, expression_statement>> {};
struct statements
    : pegtl::seq<gap, statement,
                 pegtl::star<gap, semicolon, gap, pegtl::opt<pegtl::not_at<pegtl::eof>, statement>>,
                 gap, pegtl::sor<pegtl::eof, missing_operator>> {};

// `def name(parameters) -> annotation:` and what may follow on the same line.
struct function_name : word {};
struct parameter_name : word {};
struct default_value : pegtl::seq<gap, equals, gap, need_expression> {};
struct parameter_stars : pegtl::seq<pegtl::one<'*'>, pegtl::opt<pegtl::one<'*'>>, gap> {};
struct parameter_start
    : pegtl::seq<pegtl::opt<parameter_stars>, pegtl::sor<parameter_name, missing_operand>> {};
struct parameter
    : pegtl::seq<parameter_start, pegtl::opt<gap, annotation>, pegtl::opt<default_value>> {};
struct lambda_parameter : pegtl::seq<parameter_start, pegtl::opt<default_value>> {};
// `*` and `/` alone say how arguments are passed, not what is computed.
struct parameter_mark
    : pegtl::seq<pegtl::one<'*', '/'>, pegtl::at<gap, pegtl::one<',', ')', ':'>>> {};
struct parameters_end : pegtl::one<')', ':'> {};
template <typename Parameter>
struct parameter_list
    : pegtl::opt<pegtl::not_at<parameters_end>, pegtl::sor<parameter_mark, Parameter>,
                 pegtl::star<gap, comma, gap,
                             pegtl::opt<pegtl::not_at<parameters_end>,
                                        pegtl::sor<parameter_mark, Parameter>>>> {};
struct parameters : pegtl::seq<parameter_list<parameter>> {};
struct result_annotation : pegtl::seq<pegtl::string<'-', '>'>, passed_over<':'>> {};
template <char kCharacter>
struct need : pegtl::sor<pegtl::one<kCharacter>, missing_operator> {};
struct definition
    : pegtl::seq<keyword<'d', 'e', 'f'>, gap, pegtl::sor<function_name, missing_operand>, gap,
                 need<'('>, gap, parameters, gap, need<')'>, gap, pegtl::opt<result_annotation>,
                 need<':'>, gap, pegtl::opt<pegtl::not_at<pegtl::eof>, statements>> {};

// `class name(bases):` and what may follow on the same line.
struct class_bases : parenthesis {};
struct class_header
    : pegtl::seq<keyword<'c', 'l', 'a', 's', 's'>, gap, pegtl::sor<function_name, missing_operand>,
                 gap, pegtl::opt<class_bases, gap>, need<':'>, gap,
                 pegtl::opt<pegtl::not_at<pegtl::eof>, statements>> {};

// `lambda x, scale=2: x * scale`.
struct lambda_open : keyword<'l', 'a', 'm', 'b', 'd', 'a'> {};
struct lambda_parameters : pegtl::seq<parameter_list<lambda_parameter>> {};
struct lambda
    : pegtl::seq<lambda_open, gap, lambda_parameters, gap, need<':'>, gap, need_expression> {};

// The lines that open a block, and what may follow on the same line.
struct condition : pegtl::seq<need_expression> {};
struct if_header : pegtl::seq<pegtl::sor<if_word, keyword<'e', 'l', 'i', 'f'>>, gap, condition> {};
struct while_header : pegtl::seq<keyword<'w', 'h', 'i', 'l', 'e'>, gap, condition> {};
struct loop_target : pegtl::seq<targets> {};
struct for_header : pegtl::seq<for_word, gap, loop_target, gap, need_in, gap, bare_items> {};
struct context_value : pegtl::seq<need_expression> {};
struct context_target : pegtl::seq<need_postfix> {};
struct context
    : pegtl::seq<context_value, pegtl::opt<gap, keyword<'a', 's'>, gap, context_target>> {};
struct with_header : pegtl::seq<keyword<'w', 'i', 't', 'h'>, gap, context,
                                pegtl::star<gap, pegtl::one<','>, gap, context>> {};
struct except_header : pegtl::seq<keyword<'e', 'x', 'c', 'e', 'p', 't'>, passed_over<':'>> {};
struct bare_header
    : pegtl::sor<else_word, keyword<'t', 'r', 'y'>, keyword<'f', 'i', 'n', 'a', 'l', 'l', 'y'>> {};
struct header
    : pegtl::seq<
          pegtl::sor<if_header, for_header, while_header, with_header, except_header, bare_header>,
          gap, need<':'>, gap, pegtl::opt<pegtl::not_at<pegtl::eof>, statements>> {};

// One expression alone, as in --set x=EXPR.
struct lone_expression
    : pegtl::seq<gap, bare_items, gap, pegtl::sor<pegtl::eof, missing_operator>> {};

}  // namespace backstep::read::grammar
