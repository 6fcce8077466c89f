// The courses of the sample data: forty titles in each language, and forty distinguishable colours
// with enough contrast for white text (at least 4.5:1, WCAG 2.2 §1.4.3).
import type { SampleLanguage } from './words.ts';

/** A course: its title by language, and its colour. */
type SampleCourse = Readonly<Record<SampleLanguage, string>> & { readonly color: string };

/** Courses 1 to 40, in order. */
export const COURSES: readonly SampleCourse[] = [
  { ko: '자료구조', en: 'Data Structures', color: '#1969c8' },
  { ko: '알고리즘', en: 'Algorithms', color: '#eb0000' },
  { ko: '운영체제', en: 'Operating Systems', color: '#008700' },
  { ko: '컴퓨터 네트워크', en: 'Computer Networks', color: '#0000ff' },
  { ko: '데이터베이스', en: 'Databases', color: '#5a321e' },
  { ko: '소프트웨어 공학', en: 'Software Engineering', color: '#e10091' },
  { ko: '인공지능 개론', en: 'Introduction to AI', color: '#008282' },
  { ko: '컴퓨터 구조', en: 'Computer Architecture', color: '#6e00a0' },
  { ko: '선형대수학', en: 'Linear Algebra', color: '#827300' },
  { ko: '미분적분학', en: 'Calculus', color: '#a05f8c' },
  { ko: '확률과 통계', en: 'Probability and Statistics', color: '#aa0032' },
  { ko: '이산수학', en: 'Discrete Mathematics', color: '#14460f' },
  { ko: '수치해석', en: 'Numerical Analysis', color: '#28415f' },
  { ko: '일반물리학', en: 'General Physics', color: '#af5005' },
  { ko: '일반화학', en: 'General Chemistry', color: '#005aff' },
  { ko: '생명과학 개론', en: 'Introduction to Life Science', color: '#be0afa' },
  { ko: '지구과학 개론', en: 'Introduction to Earth Science', color: '#552873' },
  { ko: '한국사의 이해', en: 'Korean History', color: '#737350' },
  { ko: '서양문화사', en: 'Western Cultural History', color: '#af5f55' },
  { ko: '동양철학 입문', en: 'Eastern Philosophy', color: '#8c0055' },
  { ko: '논리와 비판적 사고', en: 'Logic and Critical Thinking', color: '#148750' },
  { ko: '경제학 원론', en: 'Principles of Economics', color: '#af4bb4' },
  { ko: '경영학 원론', en: 'Principles of Management', color: '#007daf' },
  { ko: '회계 원리', en: 'Principles of Accounting', color: '#0537aa' },
  { ko: '마케팅 원론', en: 'Principles of Marketing', color: '#d200c3' },
  { ko: '조직행동론', en: 'Organisational Behaviour', color: '#1914c8' },
  { ko: '재무관리', en: 'Financial Management', color: '#5f2d4b' },
  { ko: '심리학 개론', en: 'Introduction to Psychology', color: '#1e4b41' },
  { ko: '사회학 개론', en: 'Introduction to Sociology', color: '#781900' },
  { ko: '교육학 개론', en: 'Introduction to Education', color: '#504600' },
  { ko: '언어학 개론', en: 'Introduction to Linguistics', color: '#466e0a' },
  { ko: '한국어 글쓰기', en: 'Korean Writing', color: '#9b4beb' },
  { ko: '영어 회화', en: 'English Conversation', color: '#cd4173' },
  { ko: '중국어 초급', en: 'Beginners’ Chinese', color: '#eb003c' },
  { ko: '일본어 초급', en: 'Beginners’ Japanese', color: '#af0f05' },
  { ko: '미술의 이해', en: 'Understanding Art', color: '#6e64e1' },
  { ko: '음악 감상', en: 'Listening to Music', color: '#64649b' },
  { ko: '영화의 이해', en: 'Understanding Film', color: '#915f28' },
  { ko: '체육과 건강', en: 'Sports and Health', color: '#7d2332' },
  { ko: '창업과 혁신', en: 'Start-ups and Innovation', color: '#003c82' },
];
