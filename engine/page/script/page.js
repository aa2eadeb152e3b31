// A page without a lesson.
import { begin } from "./main.js";

begin();
